//! What is found through the page map, held against a comparison of every byte, on memories of real kernels.

use crate::dirty::Scanner;
use crate::instance::Instance;
use crate::memory::Layers;
use crate::{CancelToken, CellRequest, Engine, EventKind, Image, Kernel, Limits, PoolSize, Status};
use std::path::PathBuf;

fn engine() -> Engine {
    let dir = std::env::var_os("SELVEDGE_IMAGE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/selvedge/images/python")),
        PathBuf::from,
    );
    let image = Image::open(&dir).unwrap_or_else(|error| panic!("{error}"));
    Engine::new(image, PoolSize::kernels(3)).unwrap()
}

async fn run(kernel: &mut Kernel, code: &str) {
    let cell = CellRequest {
        label: "c".to_owned(),
        code: code.to_owned(),
        ..CellRequest::default()
    };
    let limits = Limits {
        wall_ms: 60_000,
        fuel: 1 << 40,
        memory_bytes: 256 << 20,
        output_bytes: 1_000,
    };
    let mut sink = |_: EventKind, _| ();
    let end = kernel.run(&cell, &limits, &mut sink, &CancelToken::new()).await;
    assert_eq!(end.status, Status::Succeeded, "{end:?}");
}

/// Pages of `instance` that differ from the image of `engine`, by the page map if there is one and by comparing everything.
fn changed(engine: &Engine, instance: &Instance) -> (Vec<u32>, Vec<u32>) {
    let (memory, image) = (instance.memory(), engine.pristine_memory());
    (
        Layers::default().fresh(&Scanner::new(), memory, image),
        Layers::default().fresh(&Scanner::without_pagemap(), memory, image),
    )
}

#[tokio::test]
async fn the_page_map_and_a_full_comparison_find_the_same() {
    let engine = engine();
    for code in [
        "x = 1",
        "x = {i: str(i) for i in range(30_000)}",
        "x = bytearray(20 << 20)\nx[::70_000] = b'1' * len(x[::70_000])",
    ] {
        let mut kernel = engine.start([1; 32]).await.unwrap();
        run(&mut kernel, code).await;
        let (found, everything) = changed(&engine, kernel.instance());
        assert_eq!(found, everything, "{code}");
        assert!(everything.len() > 10, "{code}");
    }
}

#[tokio::test]
async fn a_kernel_in_a_memory_that_another_one_used_is_as_new() {
    let engine = engine();
    for code in [
        "secret = 'canary' * 1_000",
        "import asyncio, json\nx = [json.dumps(i) for i in range(1_000)]",
        "x = list(range(1_000_000))",
        "print(1)",
    ] {
        let mut kernel = engine.start([1; 32]).await.unwrap();
        run(&mut kernel, code).await;
        drop(kernel);
        let kernel = engine.start([2; 32]).await.unwrap();
        let (found, everything) = changed(&engine, kernel.instance());
        assert_eq!((found, everything), (vec![], vec![]), "{code}");
    }
}
