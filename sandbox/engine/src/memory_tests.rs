//! Memories of real kernels, held against a comparison of every byte: what the page map finds, what tenants leave behind, what checkpoints say.

use crate::dirty::Scanner;
use crate::instance::Instance;
use crate::memory::Layers;
use crate::{CancelToken, CellRequest, Engine, EventKind, Image, Kernel, Limits, PoolSize, Status};
use selvedge_checkpoint::Image as _;
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
    let (memory, image) = (instance.memory(), engine.memory());
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
        "x = b'canary' * (15 << 20)",
        "def deep(n): return n and deep(n - 1)\ndeep(800)",
        "print(1)",
    ] {
        let mut kernel = engine.start([1; 32]).await.unwrap();
        run(&mut kernel, code).await;
        // One more way to use a memory: through layers, by forks.
        drop(kernel.fork([3; 32]).await.unwrap());
        kernel.trim().unwrap();
        run(&mut kernel, "'woken'").await;
        drop(kernel);
        let kernel = engine.start([2; 32]).await.unwrap();
        let (found, everything) = changed(&engine, kernel.instance());
        assert_eq!((found, everything), (vec![], vec![]), "{code}");
    }
}

/// Held against every byte: the checkpoint of `kernel` has exactly the pages that differ from the image, as they are.
fn check(engine: &Engine, kernel: &mut Kernel, step: &str) {
    let checkpoint = kernel.checkpoint().unwrap();
    let (memory, image) = (kernel.instance().memory(), engine.memory());
    let everything = Layers::default().fresh(&Scanner::without_pagemap(), memory, image);
    let pages = checkpoint.state().pages.as_slice();
    let numbers: Vec<u32> = pages.iter().map(|(number, _)| *number).collect();
    assert!(
        numbers == everything,
        "{step}: {} pages, {} differ",
        numbers.len(),
        everything.len()
    );
    assert!(pages.iter().all(|(number, page)| **page == *memory.page(*number)), "{step}");
}

#[tokio::test]
async fn checkpoints_over_layers_hold_exactly_what_differs() {
    let engine = engine();
    let mut kernel = engine.start([1; 32]).await.unwrap();
    for (number, code) in [
        "rows = [{'n': n, 'name': str(n)} for n in range(20_000)]",
        "y = 1",
        "for row in rows[::50]: row['n'] = -1",
        "more = [str(n) for n in range(30_000)]",
        "del rows, more\nimport gc\ngc.collect()",
        "blob = bytearray(8 << 20)\nblob[::5_000] = b'x' * len(blob[::5_000])",
        "blob[::9_000] = bytes(len(blob[::9_000]))",
        "z = list(range(100_000))",
        "pass",
    ]
    .into_iter()
    .enumerate()
    {
        run(&mut kernel, code).await;
        check(&engine, &mut kernel, code);
        let mut fork = kernel.fork([2; 32]).await.unwrap();
        check(&engine, &mut fork, code);
        if number % 3 == 1 {
            let before = kernel.checkpoint().unwrap();
            kernel.trim().unwrap();
            assert!(kernel.checkpoint().unwrap().state().pages == before.state().pages, "{code}: folded");
            run(&mut kernel, "w = 1").await;
            check(&engine, &mut kernel, code);
        }
    }
}

#[tokio::test]
async fn what_did_not_change_since_the_last_checkpoint_is_the_same_and_not_only_equal() {
    let engine = engine();
    let mut kernel = engine.start([1; 32]).await.unwrap();
    run(&mut kernel, "rows = [{'n': n, 'name': str(n)} for n in range(20_000)]").await;
    let first = kernel.checkpoint().unwrap();
    run(&mut kernel, "y = 1").await;
    let second = kernel.checkpoint().unwrap();
    let (all, changed) = (second.state().pages.len(), second.state().changed_since(first.state()).count());
    assert!(all > 1_000 && changed < 300, "{changed} of {all}");
}
