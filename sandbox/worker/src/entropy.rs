//! Randomness for guests.

use std::io;

use rustix::rand::{GetRandomFlags, getrandom};

/// A seed that no other kernel gets.
pub(crate) fn seed() -> io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    // So few bytes come at once or not at all (getrandom(2)).
    match getrandom(&mut seed, GetRandomFlags::empty())? {
        32 => Ok(seed),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
