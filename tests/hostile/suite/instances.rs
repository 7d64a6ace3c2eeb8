//! Fresh instances of the engine itself, searched byte by byte: nothing of whoever was there before is in their memory.

use std::sync::Arc;

use anyhow::{Result, ensure};
use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Image, Kernel, PoolSize, Status};
use selvedge_harness::place;
use selvedge_protocol::{OrderLimits, limits};
use serde_json::Value;

use crate::canary::Canary;

const ROUNDS: u8 = 12;

async fn run(kernel: &mut Kernel, code: &str, wall_ms: u64) -> Status {
    let cell = CellRequest {
        label: "cell".to_owned(),
        code: code.to_owned(),
        ..CellRequest::default()
    };
    let bounds = OrderLimits {
        wall_ms,
        fuel: limits::FUEL_MAX,
        memory_bytes: limits::MEMORY_BYTES_DEFAULT,
        output_bytes: 1000,
    };
    let mut nobody = |_: EventKind, _: Value| {};
    kernel.run(&cell, &bounds, &mut nobody, &CancelToken::new()).await.status
}

/// A kernel fills its memory with its pattern and goes, in every way in which one can; then fresh ones and a fork of a stranger are searched.
pub(crate) async fn hold_nothing_of_others() -> Result<()> {
    let image = Arc::new(Image::open(&place::target().join("selvedge/images/python"))?);
    let engine = Engine::new(Image::clone(&image), PoolSize::kernels(8))?;
    for round in 0..ROUNDS {
        let canary = Canary::new();
        let mut owner = engine.start([round; 32]).await?;
        ensure!(
            run(&mut owner, &canary.planted("python"), 10_000).await == Status::Succeeded,
            "planting failed"
        );
        ensure!(has(&mut owner, &canary)?, "the search finds nothing where the pattern is");
        match round % 4 {
            // Dropped while it is as good as new, or nearly.
            0 => {}
            1 => drop(run(&mut owner, "while True: _c[1].append(_c[1][0] * 999)", 200).await),
            2 => drop(run(&mut owner, "import os; os.abort()", 1_000).await),
            _ => drop(owner.fork([99; 32]).await?),
        }
        drop(owner);
        let mut strangers = Vec::new();
        for number in 0..4 {
            let mut stranger = engine.start([100 + number; 32]).await?;
            ensure!(!has(&mut stranger, &canary)?, "a fresh instance holds the pattern of another");
            run(&mut stranger, "x = [bytearray(1 << 20) for _ in range(20)]", 10_000).await;
            ensure!(
                !has(&mut stranger, &canary)?,
                "memory that was never written holds the pattern of another"
            );
            strangers.push(stranger);
        }
    }
    Ok(())
}

/// Everything of the kernel's memory that is not as in the image.
fn has(kernel: &mut Kernel, canary: &Canary) -> Result<bool> {
    let checkpoint = kernel.checkpoint()?;
    let pages = checkpoint.state().pages.as_slice();
    let mut memory = Vec::with_capacity(pages.len() * 4096);
    pages.iter().for_each(|(_, page)| memory.extend_from_slice(&page[..]));
    Ok(canary.is_in_bytes(&memory))
}
