//! Notebooks without their cells.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Kernel, NotebookSummary, ResultSet};

selvedge_ports::queries! {
    /// A notebook of a project that exists.
    insert(id, project, name, kernel, now) =
        "INSERT INTO workspace_notebooks (id, project, name, kernel, created_at, updated_at) \
         SELECT ?1, id, ?3, ?4, ?5, ?5 FROM workspace_projects WHERE id = ?2";

    /// One notebook.
    find(id) = "SELECT id, project, name, created_at, updated_at FROM workspace_notebooks WHERE id = ?1";

    /// Gone; its cells have to be gone before.
    delete(id) = "DELETE FROM workspace_notebooks WHERE id = ?1";

    /// Its kernel, and what a node needs to know of its project.
    kernel(id) =
        "SELECT n.kernel, n.project, lower(hex(s.seal)), p.private FROM workspace_notebooks AS n \
         JOIN workspace_projects AS p ON p.id = n.project JOIN workspace_seals AS s ON s.project = p.id WHERE n.id = ?1";

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

/// The kernel of a result.
pub(crate) fn kernel_of(found: &ResultSet) -> Result<Option<Kernel>> {
    let read = |row: selvedge_ports::port::Row<'_>| {
        Ok(Kernel {
            id: row.text(0)?,
            project: row.text(1)?,
            seal: row.text(2)?,
            private: row.flag(3)?,
        })
    };
    found.first().map(read).transpose()
}
