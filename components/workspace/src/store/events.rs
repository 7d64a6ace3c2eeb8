//! Events of runs.

use selvedge_ports::shapes::{EventKind, ResultSet, RunEvent};
use selvedge_ports::{Error, Result};

selvedge_ports::queries! {
    /// One event, unless it is stored already or the run has ended. Out of order it is refused.
    append(run, seq, kind, at, data) =
        "INSERT INTO workspace_events (run, seq, kind, at, data) \
         SELECT id, ?2, ?3, ?4, ?5 FROM workspace_runs WHERE id = ?1 AND ended_at IS NULL AND last_seq < ?2";

    /// The last event of a run that has not ended, with the next number.
    append_ended(run, at, data) =
        "INSERT INTO workspace_events (run, seq, kind, at, data) \
         SELECT id, last_seq + 1, 'ended', ?2, ?3 FROM workspace_runs WHERE id = ?1 AND ended_at IS NULL";

    /// Events after a number, in order.
    list(run, after, most) = "SELECT seq, kind, at, data FROM workspace_events WHERE run = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
}

/// The name of a kind in the table.
pub(crate) const fn kind_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Started => "started",
        EventKind::Stdout => "stdout",
        EventKind::Stderr => "stderr",
        EventKind::Display => "display",
        EventKind::Value => "value",
        EventKind::Error => "error",
        EventKind::InputRequest => "input_request",
        EventKind::Ended => "ended",
    }
}

fn kind(name: &str) -> Result<EventKind> {
    Ok(match name {
        "started" => EventKind::Started,
        "stdout" => EventKind::Stdout,
        "stderr" => EventKind::Stderr,
        "display" => EventKind::Display,
        "value" => EventKind::Value,
        "error" => EventKind::Error,
        "input_request" => EventKind::InputRequest,
        "ended" => EventKind::Ended,
        _ => return Err(Error::internal("workspace.event_kind", "a stored event has an unknown kind")),
    })
}

/// The events of a result.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<RunEvent>> {
    found
        .rows()
        .map(|row| {
            Ok(RunEvent {
                seq: row.uint(0)?,
                kind: kind(&row.text(1)?)?,
                at: row.uint(2)?,
                data: row.text(3)?,
            })
        })
        .collect()
}
