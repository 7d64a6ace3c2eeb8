//! A cell in a determined world, and the receipt of what it did there.

use selvedge_engine::{CancelToken, CellEnd, CellRequest, Engine, Kernel, Sink};
use selvedge_protocol::{Certify, OrderLimits, Receipt};

use crate::entropy::seed;

/// What is certified, and where.
pub(crate) struct Certified<'a> {
    pub(crate) engine: &'a Engine,
    /// Nothing has run in the kernel yet.
    pub(crate) fresh: bool,
    pub(crate) run: &'a str,
    pub(crate) world: &'a Certify,
    pub(crate) limits: &'a OrderLimits,
}

/// Runs it to its end; afterwards the kernel is back in the real world. An error says why there is no kernel any more.
pub(crate) async fn run(
    what: Certified<'_>,
    kernel: &mut Kernel,
    cell: CellRequest,
    sink: &mut (dyn Sink + Send),
    cancel: &CancelToken,
) -> Result<(CellEnd, Option<Receipt>), String> {
    let start = match what.fresh {
        true => None,
        false => Some(kernel.checkpoint().map_err(|error| error.to_string())?),
    };
    let certified = selvedge_receipt::Certified {
        engine: what.engine,
        run: what.run,
        start: start.as_ref(),
        world: what.world,
        limits: what.limits,
    };
    let done = certified.run(kernel, cell, sink, cancel).await.map_err(|error| error.to_string())?;
    // Whoever reads the receipt knows the seed, and must not know what comes next.
    kernel.unpin(seed().map_err(|error| error.to_string())?);
    Ok(done)
}
