//! Notebooks and their cells.

use selvedge_ports::id::Kind;
use selvedge_ports::shapes::{Cell, CopiedCell, Kernel, Notebook, NotebookSummary, ResultSet};
use selvedge_ports::{Error, ErrorKind, Result};

use super::projects;
use crate::store::{cells, last, notebooks};
use crate::{CELLS_MAX, NOTEBOOKS_LISTED_MAX, Workspace, check};

pub(super) async fn create(at: &Workspace, project: &str, name: &str, sources: &[String]) -> Result<Notebook> {
    let cells = sources.iter().map(|code| (code.as_str(), None));
    insert(at, project, name, &at.new_id(Kind::Kernel), cells).await
}

pub(super) async fn copy(at: &Workspace, project: &str, name: &str, kernel: &str, copied: &[CopiedCell]) -> Result<Notebook> {
    let cells = copied.iter().map(|cell| (cell.code.as_str(), cell.last_run.as_deref()));
    insert(at, project, name, kernel, cells).await
}

/// A notebook with cells: each a source, and the run that it shows.
async fn insert<'a>(
    at: &Workspace,
    project: &str,
    name: &str,
    kernel: &str,
    cells: impl ExactSizeIterator<Item = (&'a str, Option<&'a str>)> + Clone,
) -> Result<Notebook> {
    check::name(name)?;
    check::cells(cells.clone().map(|(code, _)| code))?;
    let id = at.new_id(Kind::Notebook);
    let mut batch = vec![notebooks::insert(id.as_str(), project, name, kernel, at.clock.now())];
    for (position, (code, last_run)) in (1_u64..).zip(cells) {
        batch.push(cells::insert(
            at.new_id(Kind::Cell),
            id.as_str(),
            position * cells::SPREAD,
            code,
            last_run,
        ));
    }
    batch.extend([notebooks::find(id.as_str()), cells::list(id)]);
    whole(&at.sql.batch(batch).await?)?.ok_or_else(projects::not_found)
}

pub(super) async fn get(at: &Workspace, id: &str) -> Result<Notebook> {
    whole(&at.sql.batch(vec![notebooks::find(id), cells::list(id)]).await?)?.ok_or_else(not_found)
}

pub(super) async fn remove(at: &Workspace, id: &str) -> Result<()> {
    let done = at.sql.batch(vec![cells::delete_all(id), notebooks::delete(id)]).await?;
    if last(&done)?.rows_affected == 1 {
        Ok(())
    } else {
        Err(not_found())
    }
}

pub(super) async fn kernel(at: &Workspace, notebook: &str) -> Result<Kernel> {
    notebooks::kernel_of(&at.sql.query(notebooks::kernel(notebook)).await?)?.ok_or_else(not_found)
}

/// The notebook of a batch that ends with its row and its cells.
fn whole(results: &[ResultSet]) -> Result<Option<Notebook>> {
    let cells = cells::all(last(results)?)?;
    let row = results
        .len()
        .checked_sub(2)
        .and_then(|at| results.get(at))
        .map(notebooks::all)
        .transpose()?;
    Ok(row.and_then(|mut rows| rows.pop()).map(|summary| Notebook { summary, cells }))
}

pub(super) async fn list(at: &Workspace, project: &str) -> Result<Vec<NotebookSummary>> {
    notebooks::all(&at.sql.query(notebooks::list(project, NOTEBOOKS_LISTED_MAX)).await?)
}

pub(super) async fn put_cell(at: &Workspace, notebook: &str, cell: &str, code: &str, expected: Option<u64>) -> Result<Cell> {
    check::code("code", code)?;
    let done = at
        .sql
        .batch(vec![
            cells::put(notebook, cell, code, expected),
            notebooks::touch(notebook, at.clock.now()),
            cells::find(notebook, cell),
        ])
        .await?;
    let stored = cells::all(last(&done)?)?.pop().ok_or_else(cell_not_found)?;
    // The same code again is not stale: nobody's work is lost, and an edit whose answer was lost can be repeated.
    if stored.code == code {
        return Ok(stored);
    }
    Err(Error::new(
        ErrorKind::Stale,
        "cell.stale",
        format!(
            "The cell has been changed meanwhile: it is at version {}. Nothing was overwritten; load it and edit again.",
            stored.version
        ),
    ))
}

pub(super) async fn add_cell(at: &Workspace, notebook: &str, after: Option<&str>, code: &str) -> Result<Cell> {
    check::code("code", code)?;
    let id = at.new_id(Kind::Cell);
    let most = CELLS_MAX as u64;
    let done = at
        .sql
        .batch(vec![
            cells::spread(notebook, after, cells::SPREAD),
            cells::insert_after(id.as_str(), notebook, after, code, cells::SPREAD, most),
            notebooks::touch(notebook, at.clock.now()),
            cells::find(notebook, id.as_str()),
            cells::exist(notebook, after),
        ])
        .await?;
    if let Some(cell) = done.get(3).map(cells::all).transpose()?.and_then(|mut found| found.pop()) {
        return Ok(cell);
    }
    let row = last(&done)?.first().ok_or_else(not_found)?;
    Err(match (row.flag(0)?, row.flag(1)?) {
        (false, _) => not_found(),
        (true, false) if after.is_some() => Error {
            field: Some("after".to_owned()),
            ..Error::not_found("cell.after_unknown", "The cell to insert after is not in this notebook.")
        },
        (true, _) => check::too_many_cells(),
    })
}

pub(super) async fn remove_cell(at: &Workspace, notebook: &str, cell: &str) -> Result<()> {
    let done = at
        .sql
        .batch(vec![cells::delete(notebook, cell), notebooks::touch(notebook, at.clock.now())])
        .await?;
    if done.first().is_some_and(|deleted| deleted.rows_affected == 1) {
        Ok(())
    } else {
        Err(cell_not_found())
    }
}

fn not_found() -> Error {
    Error::not_found("notebook.not_found", "There is no such notebook.")
}

/// No such cell in this notebook.
pub(super) fn cell_not_found() -> Error {
    Error::not_found("cell.not_found", "There is no such cell in this notebook.")
}
