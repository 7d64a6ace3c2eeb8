//! What the engine alone does with kernels, each row with its bar: fresh ones, checkpoints, forks, idle ones.

use anyhow::Result;

use super::{forks, fresh, idle, states};
use crate::record::Recorder;

/// In this order; each with an engine of its own.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    fresh::run(recorder)?;
    states::run(recorder)?;
    forks::run(recorder)?;
    idle::run(recorder)
}
