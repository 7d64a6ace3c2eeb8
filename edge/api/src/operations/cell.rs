//! Cells.

use selvedge_contract as contract;
use selvedge_ports::{Error, ErrorKind, Result};

use super::notebook::cell_shown;
use crate::policy::Operation;
use crate::{Caller, Platform, access};

/// Insert a cell.
pub async fn add_cell(platform: &Platform, caller: &Caller, notebook: &str, new: contract::CreateCell) -> Result<contract::Cell> {
    access::notebook(platform, caller, Operation::AddCell, notebook).await?;
    let cell = platform
        .workspace
        .add_cell(notebook, new.after.as_deref(), &new.code)
        .await
        .map_err(|error| {
            // The path is right: it is the body that names what is not there.
            if error.field.is_some() {
                Error {
                    kind: ErrorKind::Invalid,
                    ..error
                }
            } else {
                error
            }
        })?;
    cell_shown(platform, cell).await
}

/// Replace a cell's source. `expected` is the version that was edited; none overwrites. Errors: `stale`.
pub async fn put_cell(
    platform: &Platform,
    caller: &Caller,
    notebook: &str,
    cell: &str,
    code: &str,
    expected: Option<u64>,
) -> Result<contract::Cell> {
    access::notebook(platform, caller, Operation::PutCell, notebook).await?;
    let cell = platform.workspace.put_cell(notebook, cell, code, expected).await?;
    cell_shown(platform, cell).await
}

/// The version of a cell now, for whoever was refused as stale.
pub async fn cell_version(platform: &Platform, caller: &Caller, notebook: &str, cell: &str) -> Result<u64> {
    let (found, _) = access::notebook(platform, caller, Operation::ReadNotebook, notebook).await?;
    found
        .cells
        .iter()
        .find(|candidate| candidate.id == cell)
        .map(|cell| cell.version)
        .ok_or_else(no_cell)
}

/// Remove a cell; its runs stay.
pub async fn remove_cell(platform: &Platform, caller: &Caller, notebook: &str, cell: &str) -> Result<()> {
    access::notebook(platform, caller, Operation::RemoveCell, notebook).await?;
    platform.workspace.remove_cell(notebook, cell).await
}

pub(super) fn no_cell() -> Error {
    Error::not_found("cell.not_found", "There is no such cell in this notebook.")
}
