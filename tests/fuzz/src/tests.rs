use std::fs;
use std::path::Path;

use selvedge_checkpoint::{Blob, Chain, Files, Page, Pages, Registers, State};

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

/// The seeds `whole`, `delta` and `both` are these.
#[test]
fn objects_as_they_are_written_are_read() {
    let page = |byte: u8| Page::copy_of(&std::array::from_fn(|index| byte.wrapping_mul(u8::try_from(index / 97).unwrap())));
    let state = |numbers: &[(u32, u8)], tree: &'static [u8]| State {
        registers: Registers {
            module: [7; 32],
            memory_pages: 4,
            globals: vec![1, 2],
            monotonic: 3,
            entropy: 4,
        },
        pages: Pages::new(numbers.iter().map(|(number, byte)| (*number, page(*byte))).collect()).unwrap(),
        files: Files::new(tree.to_vec().into(), [Blob::new(b"what a file holds".to_vec().into()).unwrap()]).unwrap(),
    };
    let image = super::checkpoint::Pages;
    let (mut chain, full) = Chain::begin(state(&[(0, 1), (3, 2), (40, 1)], b"tree"), &image).unwrap();
    let delta = chain.append(state(&[(0, 1), (3, 9), (63, 3)], b"another tree"), &image).unwrap();
    assert!(Chain::read(&[&full.bytes, &delta.bytes], &[7; 32], &image).is_ok());
    for (count, object) in [
        (0, full.bytes.clone()),
        (0, delta.bytes.clone()),
        (1, [full.bytes, delta.bytes].concat()),
    ] {
        super::checkpoint::check(&[vec![count], object].concat());
    }
}
