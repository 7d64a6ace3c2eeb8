//! What a store promises, on each medium: a folder, a folder that nodes share, a bucket.

use super::*;
use ground::Ground;
use mortal::Mortal;

/// Each promise on each medium.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod folder {
            use super::Ground;
            $(#[test] fn $promise() { super::$promise(Ground::folder) })*
        }
        mod shared_folder {
            use super::Ground;
            $(#[test] fn $promise() { super::$promise(Ground::shared_folder) })*
        }
        #[cfg(feature = "s3")]
        mod bucket {
            use super::Ground;
            $(#[test] fn $promise() { super::$promise(Ground::bucket) })*
        }
    };
}

mod acknowledged;
mod damaged;
mod ground;
mod kept;
mod mortal;
mod moved;
mod shared;

const KEY: [u8; 32] = [9; 32];

fn store_on(objects: Box<dyn Objects>, states: u64) -> Store {
    Store::new(objects, Retention { states, grace_ms: 0 }, || 1)
}

fn key() -> ProjectKey {
    ProjectKey::new(KEY)
}

fn kernel(number: u8) -> KernelId {
    format!("krn_{}", hex::encode([number; 16])).parse().unwrap()
}
