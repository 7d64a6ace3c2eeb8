//! Notebooks.

use futures::{StreamExt, TryStreamExt};
use selvedge_contract as contract;
use selvedge_contract::time::rfc3339;
use selvedge_ports::Result;
use selvedge_ports::shapes::{Cell, Notebook, Role};

use super::run;
use crate::node::kernel as node;
use crate::policy::Operation;
use crate::{Caller, Platform, access, present};

/// How many cells' runs are read at once.
const READS_AT_ONCE: usize = 8;

/// Make a notebook with cells in order.
pub async fn create_notebook(
    platform: &Platform,
    caller: &Caller,
    project: &str,
    new: contract::CreateNotebook,
) -> Result<contract::Notebook> {
    let role = access::project(platform, caller, Operation::CreateNotebook, project).await?;
    let cells: Vec<String> = new.cells.into_iter().map(|cell| cell.code).collect();
    let made = platform.workspace.create_notebook(project, &new.name, &cells).await?;
    shown(platform, made, role).await
}

/// The project's notebooks, last changed first.
pub async fn list_notebooks(platform: &Platform, caller: &Caller, project: &str) -> Result<Vec<contract::NotebookSummary>> {
    access::project(platform, caller, Operation::ListNotebooks, project).await?;
    let notebooks = platform.workspace.list_notebooks(project).await?;
    Ok(notebooks.into_iter().map(present::notebook_summary).collect())
}

/// A notebook with its cells, each with its newest run and that run's output.
pub async fn notebook_view(platform: &Platform, caller: &Caller, notebook: &str) -> Result<contract::Notebook> {
    let (found, role) = access::notebook(platform, caller, Operation::ReadNotebook, notebook).await?;
    shown(platform, found, role).await
}

/// Remove a notebook, its cells and everything that its kernel was. Its runs stay. What was forked from it goes on.
pub async fn remove_notebook(platform: &Platform, caller: &Caller, notebook: &str) -> Result<()> {
    let kernel = access::kernel(platform, caller, Operation::RemoveNotebook, notebook).await?;
    // First what nobody could find afterwards. When the rest fails, removing can be repeated.
    node::remove(platform, &kernel).await?;
    platform.workspace.remove_notebook(notebook).await
}

pub(super) async fn shown(platform: &Platform, notebook: Notebook, role: Role) -> Result<contract::Notebook> {
    let cells = futures::stream::iter(notebook.cells)
        .map(|cell| cell_shown(platform, cell))
        .buffered(READS_AT_ONCE)
        .try_collect()
        .await?;
    let summary = notebook.summary;
    Ok(contract::Notebook {
        id: summary.id,
        project: summary.project,
        name: summary.name,
        role: present::role(role).to_owned(),
        cells,
        created_at: rfc3339(summary.created_at),
        updated_at: rfc3339(summary.updated_at),
    })
}

/// A cell with its newest run.
pub(super) async fn cell_shown(platform: &Platform, cell: Cell) -> Result<contract::Cell> {
    let last_run = match &cell.last_run {
        Some(id) => Some(run::with_events(platform, platform.workspace.get_run(id).await?).await?),
        None => None,
    };
    Ok(present::cell(cell, last_run))
}
