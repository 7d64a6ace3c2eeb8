//! Cells. Positions are sparse: a new cell takes the middle between its neighbours, and only where there is no middle left all cells of the
//! notebook are spread anew.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Cell, ResultSet};

/// Distance between two cells that were made one after the other.
pub(crate) const SPREAD: u64 = 1 << 32;

selvedge_ports::queries! {
    /// A cell at a position, in a notebook that exists. It shows a run of its project, or none.
    insert(id, notebook, position, code, last_run) =
        "INSERT INTO workspace_cells (id, notebook, position, code, last_run) \
         SELECT ?1, n.id, ?3, ?4, (SELECT id FROM workspace_runs WHERE id = ?5 AND project = n.project) \
         FROM workspace_notebooks AS n WHERE n.id = ?2";

    /// Spread the notebook's cells anew, when there is no room behind the cell `after` (none: at the top).
    spread(notebook, after, distance) =
        "UPDATE workspace_cells SET position = ranked.n * ?3 \
         FROM (SELECT id AS cell, row_number() OVER (ORDER BY position, id) AS n FROM workspace_cells WHERE notebook = ?1) AS ranked, \
           (SELECT coalesce((SELECT position FROM workspace_cells WHERE id = ?2 AND notebook = ?1), 0) AS position) AS anchor \
         WHERE workspace_cells.id = ranked.cell AND EXISTS ( \
           SELECT 1 FROM workspace_cells AS next WHERE next.notebook = ?1 AND next.position > anchor.position AND next.position < anchor.position + 2)";

    /// A cell in the middle between `after` (none: the top) and its follower, when the notebook has fewer than `most`.
    insert_after(id, notebook, after, code, distance, most) =
        "INSERT INTO workspace_cells (id, notebook, position, code) \
         WITH anchor (position) AS ( \
           SELECT 0 FROM workspace_notebooks WHERE id = ?2 AND ?3 IS NULL \
           UNION ALL SELECT position FROM workspace_cells WHERE id = ?3 AND notebook = ?2), \
         next (position) AS ( \
           SELECT min(cell.position) FROM workspace_cells AS cell, anchor WHERE cell.notebook = ?2 AND cell.position > anchor.position) \
         SELECT ?1, ?2, anchor.position + coalesce((next.position - anchor.position) / 2, ?5), ?4 FROM anchor, next \
         WHERE (SELECT count(*) FROM workspace_cells WHERE notebook = ?2) < ?6";

    /// Is there such a notebook, and such a cell in it?
    exist(notebook, cell) =
        "SELECT EXISTS (SELECT 1 FROM workspace_notebooks WHERE id = ?1), \
         EXISTS (SELECT 1 FROM workspace_cells WHERE id = ?2 AND notebook = ?1)";

    /// New code, unless it is the same or the caller edited another version.
    put(notebook, id, code, expected) =
        "UPDATE workspace_cells SET code = ?3, version = version + 1 \
         WHERE id = ?2 AND notebook = ?1 AND code <> ?3 AND (?4 IS NULL OR version = ?4)";

    /// Gone.
    delete(notebook, id) = "DELETE FROM workspace_cells WHERE id = ?2 AND notebook = ?1";

    /// All of a notebook, gone.
    delete_all(notebook) = "DELETE FROM workspace_cells WHERE notebook = ?1";

    /// This run is the cell's newest, when it was stored.
    ran(id, run) = "UPDATE workspace_cells SET last_run = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM workspace_runs WHERE id = ?2)";

    /// One cell of a notebook.
    find(notebook, id) = "SELECT id, code, version, last_run FROM workspace_cells WHERE id = ?2 AND notebook = ?1";

    /// A notebook's cells in order.
    list(notebook) = "SELECT id, code, version, last_run FROM workspace_cells WHERE notebook = ?1 ORDER BY position, id";
}

/// The cells of a result.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<Cell>> {
    found
        .rows()
        .map(|row| {
            Ok(Cell {
                id: row.text(0)?,
                code: row.text(1)?,
                version: row.uint(2)?,
                last_run: row.opt_text(3)?,
            })
        })
        .collect()
}
