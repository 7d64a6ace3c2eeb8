use std::fs;
use std::path::Path;

/// All files of a target's seeds, and every cut of those that are short.
fn replay(target: &str, check: fn(&[u8])) {
    let (mut chain, full) = Chain::begin(state(&[(0, 1), (3, 2), (40, 1)], b"tree"), &super::checkpoint::Pages).unwrap();
    let delta = chain
        .append(state(&[(0, 1), (3, 9), (63, 3)], b"another tree"), &super::checkpoint::Pages)
        .unwrap();
    assert!(Chain::read(&[&full.bytes, &delta.bytes], &[7; 32], &super::checkpoint::Pages).is_ok());
    for (count, object) in [
        (0, full.bytes.clone()),
        (0, delta.bytes.clone()),
        (1, [full.bytes, delta.bytes].concat()),
    ] {
        super::checkpoint::check(&[vec![count], object].concat());
    }
}
