//! What `Math.random` is: xoshiro256++, seeded by the host in every new instance.
//!
//! QuickJS seeds its own generator when a context is made, which is when the image is built: every kernel would draw the same numbers.

use crate::host;
use std::cell::Cell;

thread_local! {
    static STATE: Cell<[u64; 4]> = const { Cell::new([1; 4]) };
    static UNUSED: Cell<[u64; 4]> = const { Cell::new([1; 4]) };
}

/// Draws a new seed: for the generator in a new instance, else for nothing, so that a cell costs the same either way.
pub(crate) fn renew(new_instance: bool) {
    let mut bytes = [0; 32];
    host::randomness(&mut bytes);
    let (words, _) = bytes.as_chunks::<8>();
    let mut seed = [0; 4];
    for (word, bytes) in seed.iter_mut().zip(words) {
        // All zeros would stay zeros.
        *word = u64::from_le_bytes(*bytes) | 1;
    }
    let generator = if new_instance { &STATE } else { &UNUSED };
    generator.set(seed);
}

/// From 0 up to, but not including, 1.
pub(crate) fn next() -> f64 {
    let [a, b, c, d] = STATE.get();
    let drawn = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
    let (c1, d1) = (c ^ a, d ^ b);
    STATE.set([a ^ d1, b ^ c1, c1 ^ (b << 17), d1.rotate_left(45)]);
    (drawn >> 11) as f64 / (1_u64 << 53) as f64
}
