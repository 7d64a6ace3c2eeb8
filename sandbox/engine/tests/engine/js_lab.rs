//! The JavaScript image and a kernel of it. Where it is: `SELVEDGE_JAVASCRIPT_IMAGE`, or `target/selvedge/images/javascript` in the workspace.

use crate::lab::Lab;
use selvedge_engine::{Engine, Image, PoolSize};
use std::path::PathBuf;

pub(crate) fn engine() -> Engine {
    let dir = std::env::var_os("SELVEDGE_JAVASCRIPT_IMAGE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/selvedge/images/javascript")),
        PathBuf::from,
    );
    let image = Image::open(&dir).unwrap_or_else(|error| panic!("{error}"));
    Engine::new(image, PoolSize::kernels(8)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) async fn lab() -> Lab {
    let engine = engine();
    let kernel = engine.start([1; 32]).await.unwrap();
    Lab { engine, kernel }
}
