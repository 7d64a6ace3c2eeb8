//! The interpreter: cells in fresh kernels, or in forks of one.

use anyhow::Result;
use selvedge_engine::{CancelToken, CellEnd, CellRequest, Checkpoint, Engine, EventKind, Image, Kernel, Limits, PoolSize, Status};
use selvedge_harness::place;
use serde_json::Value;

/// Kernels at the same time.
const KERNELS: u32 = 16;

/// An engine on the built image. Clones share it.
#[derive(Clone)]
pub(crate) struct Guest {
    engine: Engine,
}

/// What a cell printed and how it ended.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) stdout: String,
    pub(crate) end: CellEnd,
}

impl Seen {
    /// Why it did not succeed; none when it did.
    pub(crate) fn failure(&self) -> Option<String> {
        if self.end.status == Status::Succeeded {
            return None;
        }
        Some(match &self.end.error {
            Some(error) => format!("{}: {}", error.kind, error.message),
            None => format!("{:?}", self.end.status),
        })
    }
}

impl Guest {
    pub(crate) fn open() -> Result<Self> {
        let image = place::existing(place::target().join("selvedge/images/python"), "cargo xtask build")?;
        Ok(Self {
            engine: Engine::new(Image::open(&image)?, PoolSize::kernels(KERNELS))?,
        })
    }

    pub(crate) async fn fresh(&self) -> Result<Kernel> {
        Ok(self.engine.start([5; 32]).await?)
    }

    pub(crate) async fn restored(&self, checkpoint: &Checkpoint) -> Result<Kernel> {
        Ok(self.engine.restore(checkpoint, [5; 32]).await?)
    }
}

/// Run a cell for at most this long.
pub(crate) async fn cell(kernel: &mut Kernel, code: &str, stdin: Option<String>, wall_ms: u64) -> Seen {
    let request = CellRequest {
        label: "support".to_owned(),
        code: code.to_owned(),
        stdin,
        ..CellRequest::default()
    };
    let limits = Limits {
        wall_ms,
        fuel: u64::MAX >> 1,
        memory_bytes: 768 << 20,
        output_bytes: 8 << 20,
    };
    let mut stdout = String::new();
    let mut sink = |kind: EventKind, data: Value| {
        if let (EventKind::Stdout, Some(text)) = (kind, data.get("text").and_then(Value::as_str)) {
            stdout.push_str(text);
        }
    };
    let end = kernel.run(&request, &limits, &mut sink, &CancelToken::new()).await;
    Seen { stdout, end }
}
