//! Projects.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Project, ResultSet};

selvedge_ports::queries! {
    /// A project, unless the id is taken.
    insert(id, name, created_by, now) =
        "INSERT INTO workspace_projects (id, name, created_by, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING";

    /// Its key, unless it has one.
    insert_seal(project, seal) = "INSERT INTO workspace_seals (project, seal) VALUES (?1, ?2) ON CONFLICT (project) DO NOTHING";

    /// Its key in hexadecimal, and whether it asks for processes of its own.
    seal(project) =
        "SELECT lower(hex(s.seal)), p.private FROM workspace_projects AS p JOIN workspace_seals AS s ON s.project = p.id WHERE p.id = ?1";

    /// Whether it asks for processes of its own.
    set_private(id, private) = "UPDATE workspace_projects SET private = ?2 WHERE id = ?1";

    /// One project.
    find(id) = "SELECT id, name, created_by, created_at, private FROM workspace_projects WHERE id = ?1";

    /// Projects with these ids (a JSON array), newest first.
    list(ids) =
        "SELECT id, name, created_by, created_at, private FROM workspace_projects \
         WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY created_at DESC, id DESC";
}

/// The projects of a result.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<Project>> {
    found
        .rows()
        .map(|row| {
            Ok(Project {
                id: row.text(0)?,
                name: row.text(1)?,
                created_by: row.text(2)?,
                created_at: row.uint(3)?,
                private: row.flag(4)?,
            })
        })
        .collect()
}
