use std::fs;
use std::path::Path;

/// All files of a target's seeds, and every cut of those that are short.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        check(&bytes);
        for len in 0..bytes.len().min(300) {
            check(&bytes[..len]);
        }
        count += 1;
    }
    assert!(count > 0, "{} is empty", folder.display());
}

#[test]
fn the_shim_answers_every_seed() {
    replay("wasi", super::wasi::check);
}

#[test]
fn the_checkpoint_decoder_answers_every_seed() {
    replay("checkpoint", super::checkpoint::check);
}

#[test]
fn the_frame_reader_answers_every_seed() {
    replay("frames", super::frames::check);
}

#[test]
fn the_wheel_reader_answers_every_seed() {
    replay("wheel", super::wheel::check);
}

#[test]
fn the_order_reader_answers_every_seed() {
    replay("order", super::order::check);
}
