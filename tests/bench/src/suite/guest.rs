//! What the sandbox suites share: an engine on the built image, and a cell run in it.

use anyhow::{Result, ensure};
use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Image, Kernel, Limits, PoolSize, Sink, Status};

/// Forgets events; a benchmark looks at how the cell ended.
struct Nowhere;

impl Sink for Nowhere {
    fn event(&mut self, _: EventKind, _: serde_json::Value) {}
}

/// An engine with room for this many kernels.
pub(super) fn engine(kernels: u32) -> Result<Engine> {
    let dir = selvedge_harness::place::target().join("selvedge/images/python");
    Ok(Engine::new(Image::open(&dir)?, PoolSize::kernels(kernels))?)
}

/// Run a cell that must succeed. Its fuel.
pub(super) async fn run(kernel: &mut Kernel, code: &str) -> Result<u64> {
    run_into(kernel, code, &mut Nowhere).await
}

/// The same, with somebody who listens.
pub(super) async fn run_into(kernel: &mut Kernel, code: &str, sink: &mut (dyn Sink + Send)) -> Result<u64> {
    let cell = CellRequest {
        label: "main.py".to_owned(),
        code: code.to_owned(),
        ..CellRequest::default()
    };
    let limits = Limits {
        wall_ms: 30_000,
        fuel: 1_000_000_000_000,
        memory_bytes: 256 << 20,
        output_bytes: 1 << 20,
    };
    let end = kernel.run(&cell, &limits, sink, &CancelToken::new()).await;
    ensure!(end.status == Status::Succeeded, "{code:?} ended {:?}: {:?}", end.status, end.error);
    Ok(end.fuel)
}

/// A one-thread runtime, as each of the worker's threads is.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_time().build()?)
}
