//! A notebook that goes on from what another one's kernel is, or was; and a kernel as a file.

use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt};
use selvedge_contract as contract;
use selvedge_ports::Result;
use selvedge_ports::id::{self, Kind};
use selvedge_ports::shapes::{Cell, CopiedCell, Id, KeptRun, Kernel};

use super::{checkpoints, notebook};
use crate::node::kernel as node;
use crate::policy::Operation;
use crate::request::KERNEL_FILE_BYTES_MAX;
use crate::{Caller, Platform, access};

/// Longest name of a notebook, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Stands after a fork's name when it is given none.
const SUFFIX: &str = " (fork)";
/// How many runs are read at once.
const READS_AT_ONCE: usize = 8;

/// Make a notebook with the same cells, whose kernel begins with what this one's is, or was at a checkpoint. Each cell shows the newest of its
/// runs that are in that.
pub async fn fork_notebook(platform: &Platform, caller: &Caller, from: &str, new: contract::ForkNotebook) -> Result<contract::Notebook> {
    let (found, role) = access::notebook(platform, caller, Operation::ForkNotebook, from).await?;
    let name = new.name.unwrap_or_else(|| name_of_fork(&found.summary.name));
    let kernel = platform.workspace.get_kernel(from).await?;
    let timeline = checkpoints::timeline(platform, &kernel).await?;
    let number = new.number.unwrap_or_else(|| timeline.current());
    let in_it: Vec<u64> = timeline.up_to(number).into_iter().collect();
    let shown = newest_of_each_cell(platform.workspace.kept_runs(&kernel.id, &in_it).await?);
    let cells: Vec<CopiedCell> = futures::stream::iter(found.cells)
        .map(|cell| copied(platform, &kernel, &shown, number > 0, cell))
        .buffered(READS_AT_ONCE)
        .try_collect()
        .await?;
    let into = Kernel {
        id: id::new(Kind::Kernel, &*platform.clock, &*platform.entropy),
        ..kernel.clone()
    };
    if number > 0 {
        node::fork(platform, &kernel, Some(number), &into.id).await?;
    }
    match platform.workspace.copy_notebook(&kernel.project, &name, &into.id, &cells).await {
        Ok(made) => notebook::shown(platform, made, role).await,
        Err(error) => {
            // Nobody knows it; that it stays when the node cannot be told costs a small object.
            if number > 0 && node::remove(platform, &into).await.is_err() {
                platform.log.event("kernel.left_behind", &[("kernel", &into.id)]);
            }
            Err(error)
        }
    }
}

/// By cell.
fn newest_of_each_cell(runs: Vec<KeptRun>) -> HashMap<Id, KeptRun> {
    let mut newest: HashMap<Id, KeptRun> = HashMap::new();
    for run in runs {
        let Some(cell) = run.cell.clone() else { continue };
        if newest.get(&cell).is_none_or(|other| other.checkpoint < run.checkpoint) {
            newest.insert(cell, run);
        }
    }
    newest
}

async fn copied(platform: &Platform, kernel: &Kernel, shown: &HashMap<Id, KeptRun>, begun: bool, cell: Cell) -> Result<CopiedCell> {
    let last_run = match (shown.get(&cell.id), cell.last_run) {
        (Some(run), _) => Some(run.run.clone()),
        // What a fork shows that was not run in it is in its kernel from the beginning.
        (None, Some(run)) if begun => {
            let ran = platform.workspace.get_run(&run).await?;
            (ran.kernel.as_ref() != Some(&kernel.id)).then_some(run)
        }
        (None, _) => None,
    };
    Ok(CopiedCell { code: cell.code, last_run })
}

fn name_of_fork(name: &str) -> String {
    let kept = NAME_CHARS_MAX - SUFFIX.len();
    name.chars().take(kept).chain(SUFFIX.chars()).collect()
}

/// The kernel as one file, which its own project alone can open.
pub async fn export_kernel(platform: &Platform, caller: &Caller, notebook: &str) -> Result<Vec<u8>> {
    let kernel = access::kernel(platform, caller, Operation::ExportKernel, notebook).await?;
    node::export(platform, &kernel, KERNEL_FILE_BYTES_MAX as u64).await
}

/// Begin the notebook's kernel, which must be empty, with an exported file.
pub async fn import_kernel(platform: &Platform, caller: &Caller, notebook: &str, file: &[u8]) -> Result<contract::Checkpoints> {
    let kernel = access::kernel(platform, caller, Operation::ImportKernel, notebook).await?;
    if file.is_empty() {
        return Err(node::not_an_export());
    }
    node::import(platform, &kernel, file).await?;
    checkpoints::shown(platform, &kernel).await
}
