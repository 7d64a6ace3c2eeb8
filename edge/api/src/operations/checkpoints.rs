//! What a notebook's kernel was, and making it that again.

use selvedge_contract as contract;
use selvedge_ports::Result;
use selvedge_ports::shapes::Kernel;
use selvedge_protocol::kernels::Difference;

use crate::node::kernel as node;
use crate::policy::Operation;
use crate::timeline::Timeline;
use crate::{Caller, Platform, access};

/// What the notebook's kernel was after each of its cells, newest first.
pub async fn list_checkpoints(platform: &Platform, caller: &Caller, notebook: &str) -> Result<contract::Checkpoints> {
    let kernel = access::kernel(platform, caller, Operation::ListCheckpoints, notebook).await?;
    shown(platform, &kernel).await
}

/// Make the kernel what it was at a checkpoint, or empty (0). What it was since then stays in the list.
pub async fn rewind_kernel(platform: &Platform, caller: &Caller, notebook: &str, number: u64) -> Result<contract::Checkpoints> {
    let kernel = access::kernel(platform, caller, Operation::RewindKernel, notebook).await?;
    node::rewind(platform, &kernel, number).await?;
    shown(platform, &kernel).await
}

/// Make the kernel empty. What it was stays in the list.
pub async fn restart_kernel(platform: &Platform, caller: &Caller, notebook: &str) -> Result<contract::Checkpoints> {
    let kernel = access::kernel(platform, caller, Operation::RestartKernel, notebook).await?;
    node::rewind(platform, &kernel, 0).await?;
    shown(platform, &kernel).await
}

/// Give a checkpoint a name; it is kept for as long as it has one.
pub async fn name_checkpoint(platform: &Platform, caller: &Caller, notebook: &str, number: u64, name: &str) -> Result<()> {
    let kernel = access::kernel(platform, caller, Operation::NameCheckpoint, notebook).await?;
    node::name(platform, &kernel, number, name, true).await
}

/// Take a checkpoint's name away again.
pub async fn unname_checkpoint(platform: &Platform, caller: &Caller, notebook: &str, number: u64, name: &str) -> Result<()> {
    let kernel = access::kernel(platform, caller, Operation::NameCheckpoint, notebook).await?;
    // It may have been given to one that says the same state again.
    let timeline = timeline(platform, &kernel).await?;
    for same in timeline.saying(number) {
        node::name(platform, &kernel, same, name, false).await?;
    }
    Ok(())
}

/// How checkpoint `b` differs from checkpoint `a`.
pub async fn diff_checkpoints(platform: &Platform, caller: &Caller, notebook: &str, a: u64, b: u64) -> Result<contract::CheckpointDiff> {
    let kernel = access::kernel(platform, caller, Operation::DiffCheckpoints, notebook).await?;
    let Difference {
        memory_bytes,
        pages,
        files,
    } = node::diff(platform, &kernel, a, b).await?;
    Ok(contract::CheckpointDiff {
        memory_bytes: [memory_bytes.0, memory_bytes.1],
        pages: pages.len() as u64,
        files,
    })
}

pub(super) async fn timeline(platform: &Platform, kernel: &Kernel) -> Result<Timeline> {
    Ok(Timeline::new(&kernel.id, node::history(platform, kernel).await?))
}

pub(super) async fn shown(platform: &Platform, kernel: &Kernel) -> Result<contract::Checkpoints> {
    let timeline = timeline(platform, kernel).await?;
    let runs = platform.workspace.kept_runs(&kernel.id, &timeline.numbers()).await?;
    Ok(timeline.shown(runs))
}
