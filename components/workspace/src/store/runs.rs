//! Runs and their Idempotency-Keys.

use selvedge_ports::port::Row;
use selvedge_ports::shapes::{KeptRun, ResultSet, Run, RunLimits, RunStatus};
use selvedge_ports::{Error, Result};

/// A query for runs, in the order that [`all`] reads.
macro_rules! select_runs {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.project, r.notebook, r.cell, r.kernel, r.created_by, r.language, p.code, p.stdin, \
             r.wall_ms, r.fuel_limit, r.memory_bytes, r.output_bytes, r.status, r.created_at, r.started_at, r.ended_at, r.lease_until, \
             r.cancel_requested, r.fuel, r.duration_ms, r.cost, r.error, r.truncated, r.last_seq, r.checkpoint, r.receipt \
             FROM workspace_runs AS r JOIN workspace_programs AS p ON p.run = r.id ",
            $rest
        )
    };
}

selvedge_ports::queries! {
    /// Forget the keys that nobody may repeat any more.
    forget_keys(made_before) = "DELETE FROM workspace_idempotency WHERE created_at <= ?1";

    /// A run of a project, unless the caller's key names one already.
    insert(id, project, created_by, language, wall_ms, fuel, memory_bytes, output_bytes, now, lease_until, key) =
        "INSERT INTO workspace_runs (id, project, created_by, language, wall_ms, fuel_limit, memory_bytes, output_bytes, created_at, lease_until) \
         SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM workspace_projects WHERE id = ?2 \
         AND NOT EXISTS (SELECT 1 FROM workspace_idempotency WHERE caller = ?3 AND key = ?11)";

    /// A run of a cell, unless the caller's key names one already. Notebook and kernel are the cell's.
    insert_of_cell(id, project, created_by, language, wall_ms, fuel, memory_bytes, output_bytes, now, lease_until, key, cell) =
        "INSERT INTO workspace_runs (id, project, notebook, cell, kernel, created_by, language, wall_ms, fuel_limit, memory_bytes, output_bytes, \
           created_at, lease_until) \
         SELECT ?1, n.project, n.id, c.id, n.kernel, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 \
         FROM workspace_cells AS c JOIN workspace_notebooks AS n ON n.id = c.notebook WHERE c.id = ?12 AND n.project = ?2 \
         AND NOT EXISTS (SELECT 1 FROM workspace_idempotency WHERE caller = ?3 AND key = ?11)";

    /// What a stored run runs: the code given, or its cell's.
    insert_program(run, code, stdin) =
        "INSERT INTO workspace_programs (run, code, stdin) \
         SELECT r.id, coalesce(?2, (SELECT code FROM workspace_cells WHERE id = r.cell)), ?3 FROM workspace_runs AS r WHERE r.id = ?1";

    /// The caller's key names this run from now on, when it was stored.
    insert_key(caller, key, digest, run, now) =
        "INSERT INTO workspace_idempotency (caller, key, digest, run, created_at) SELECT ?1, ?2, ?3, id, ?5 FROM workspace_runs WHERE id = ?4";

    /// Which run a key names, and for which request.
    find_key(caller, key) = "SELECT run, digest FROM workspace_idempotency WHERE caller = ?1 AND key = ?2";

    /// Renew the lease of an open run; a queued one that has begun is running.
    touch(id, lease_until, started_at) =
        "UPDATE workspace_runs SET lease_until = max(lease_until, ?2), \
         status = CASE WHEN ?3 IS NULL THEN status ELSE 'running' END, started_at = coalesce(started_at, max(?3, created_at)) \
         WHERE id = ?1 AND ended_at IS NULL";

    /// The final state of an open run.
    end(id, status, now, fuel, duration_ms, cost, error, truncated, checkpoint, receipt) =
        "UPDATE workspace_runs SET status = ?2, ended_at = ?3, fuel = ?4, duration_ms = ?5, cost = ?6, error = ?7, truncated = ?8, checkpoint = ?9, \
         receipt = ?10 \
         WHERE id = ?1 AND ended_at IS NULL";

    /// Ask an open run to stop.
    cancel(id) = "UPDATE workspace_runs SET cancel_requested = 1 WHERE id = ?1 AND ended_at IS NULL AND cancel_requested = 0";

    /// One run.
    find(id) = select_runs!("WHERE r.id = ?1");

    /// The runs that left these checkpoints (a JSON array) of a kernel.
    kept(kernel, checkpoints) =
        "SELECT checkpoint, id, cell, status FROM workspace_runs \
         WHERE kernel = ?1 AND checkpoint IN (SELECT value FROM json_each(?2))";

    /// A project's runs before an id, newest first.
    list(project, before, most) = select_runs!("WHERE r.project = ?1 AND (?2 IS NULL OR r.id < ?2) ORDER BY r.id DESC LIMIT ?3");

    /// Open runs whose lease has passed, longest silent first.
    expired(now, most) = select_runs!("WHERE r.ended_at IS NULL AND r.lease_until < ?1 ORDER BY r.lease_until LIMIT ?2");
}

/// The name of a status in the table and in JSON.
pub(crate) const fn status_name(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Queued => "queued",
        RunStatus::Running => "running",
        RunStatus::Succeeded => "succeeded",
        RunStatus::Failed => "failed",
        RunStatus::TimedOut => "timed_out",
        RunStatus::Cancelled => "cancelled",
        RunStatus::Lost => "lost",
    }
}

fn status(name: &str) -> Result<RunStatus> {
    Ok(match name {
        "queued" => RunStatus::Queued,
        "running" => RunStatus::Running,
        "succeeded" => RunStatus::Succeeded,
        "failed" => RunStatus::Failed,
        "timed_out" => RunStatus::TimedOut,
        "cancelled" => RunStatus::Cancelled,
        "lost" => RunStatus::Lost,
        _ => return Err(Error::internal("workspace.run_status", "a stored run has an unknown status")),
    })
}

/// The runs of a result.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<Run>> {
    found.rows().map(run).collect()
}

/// What [`kept`] found.
pub(crate) fn all_kept(found: &ResultSet) -> Result<Vec<KeptRun>> {
    let read = |row: Row<'_>| {
        Ok(KeptRun {
            checkpoint: row.uint(0)?,
            run: row.text(1)?,
            cell: row.opt_text(2)?,
            status: status(&row.text(3)?)?,
        })
    };
    found.rows().map(read).collect()
}

fn run(row: Row<'_>) -> Result<Run> {
    let error = row.opt_text(22)?.map(|json| serde_json::from_str(&json)).transpose();
    Ok(Run {
        id: row.text(0)?,
        project: row.text(1)?,
        notebook: row.opt_text(2)?,
        cell: row.opt_text(3)?,
        kernel: row.opt_text(4)?,
        created_by: row.text(5)?,
        language: row.text(6)?,
        code: row.text(7)?,
        stdin: row.opt_text(8)?,
        limits: RunLimits {
            wall_ms: row.uint(9)?,
            fuel: row.uint(10)?,
            memory_bytes: row.uint(11)?,
            output_bytes: row.uint(12)?,
        },
        status: status(&row.text(13)?)?,
        created_at: row.uint(14)?,
        started_at: row.opt_uint(15)?,
        ended_at: row.opt_uint(16)?,
        lease_until: row.uint(17)?,
        cancel_requested: row.flag(18)?,
        fuel: row.opt_uint(19)?,
        duration_ms: row.opt_uint(20)?,
        cost: row.opt_int(21)?,
        error: error.map_err(|_| Error::internal("workspace.run_error", "a stored run's error is not JSON"))?,
        truncated: row.flag(23)?,
        last_seq: row.uint(24)?,
        checkpoint: row.opt_uint(25)?,
        receipt: row.opt_text(26)?,
    })
}
