//! Notebooks without their cells.

use selvedge_ports::Result;
use selvedge_ports::shapes::{NotebookSummary, ResultSet};

selvedge_ports::queries! {
    /// A notebook of a project that exists.
    insert(id, project, name, kernel, now) =
        "INSERT INTO workspace_notebooks (id, project, name, kernel, created_at, updated_at) \
         SELECT ?1, id, ?3, ?4, ?5, ?5 FROM workspace_projects WHERE id = ?2";

    /// One notebook.
    find(id) = "SELECT id, project, name, created_at, updated_at FROM workspace_notebooks WHERE id = ?1";

    /// A project's notebooks, last changed first.
    list(project, most) =
        "SELECT id, project, name, created_at, updated_at FROM workspace_notebooks \
         WHERE project = ?1 ORDER BY updated_at DESC, id DESC LIMIT ?2";

    /// Remember the time, when the statement before changed one of its cells (`changes()` is that statement's).
    touch(id, now) = "UPDATE workspace_notebooks SET updated_at = ?2 WHERE id = ?1 AND changes() > 0";
}

/// The notebooks of a result.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<NotebookSummary>> {
    found
        .rows()
        .map(|row| {
            Ok(NotebookSummary {
                id: row.text(0)?,
                project: row.text(1)?,
                name: row.text(2)?,
                created_at: row.uint(3)?,
                updated_at: row.uint(4)?,
            })
        })
        .collect()
}
