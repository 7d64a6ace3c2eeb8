//! The event log of a run, and its end.

use selvedge_ports::shapes::{EventKind, Run, RunEnd, RunEvent, RunStatus, SqlError, Statement};
use selvedge_ports::{Error, ErrorKind, Result, TimestampMs};
use selvedge_protocol::limits::LEASE_MS;

use super::runs::{get, not_found};
use crate::store::{events, last, runs};
use crate::{EVENTS_LISTED_MAX, Workspace, check};

pub(super) async fn append(at: &Workspace, run: &str, sent: &[RunEvent], end: Option<&RunEnd>) -> Result<Run> {
    let sent = without_ended(sent, end)?;
    check::events(sent)?;
    let now = at.clock.now();
    let mut batch: Vec<Statement> = sent
        .iter()
        .map(|event| events::append(run, event.seq, events::kind_name(event.kind), event.at, event.data.as_str()))
        .collect();
    let started = sent.iter().find(|event| event.kind == EventKind::Started).map(|event| event.at);
    batch.push(runs::touch(run, now + LEASE_MS, started));
    if let Some(end) = end {
        batch.extend(end_statements(run, end, now)?);
    }
    batch.push(runs::find(run));
    let done = match at.sql.batch(batch).await {
        Err(SqlError::Constraint(text)) if text.contains("event out of order") => return Err(gap(&get(at, run).await?)),
        done => done?,
    };
    let stored = runs::all(last(&done)?)?.pop().ok_or_else(not_found)?;
    let ended_now = end.is_some()
        && done
            .len()
            .checked_sub(2)
            .and_then(|at| done.get(at))
            .is_some_and(|ended| ended.rows_affected == 1);
    // Nothing is written to a run that had ended before; then this must be a report that came twice.
    if stored.ended_at.is_none() || ended_now || is_repeat(at, &stored, sent, end).await? {
        Ok(stored)
    } else {
        Err(ended_otherwise(&stored))
    }
}

/// The `ended` event is made here, because it must have the number after the last stored one: what the caller sends as such is left out.
fn without_ended<'a>(sent: &'a [RunEvent], end: Option<&RunEnd>) -> Result<&'a [RunEvent]> {
    let events = match sent {
        [events @ .., last] if end.is_some() && last.kind == EventKind::Ended => events,
        events => events,
    };
    if events.iter().any(|event| event.kind == EventKind::Ended) {
        return Err(Error::invalid(
            "events",
            "run.ended_without_end",
            "Only the end of a run makes its `ended` event. Nothing was stored.",
        ));
    }
    Ok(events)
}

fn end_statements(run: &str, end: &RunEnd, now: TimestampMs) -> Result<[Statement; 2]> {
    if matches!(end.status, RunStatus::Queued | RunStatus::Running) {
        return Err(Error::invalid(
            "outcome.status",
            "run.status_not_final",
            "A run ends in a final state. Nothing was stored.",
        ));
    }
    let status = runs::status_name(end.status);
    let data = serde_json::json!({
        "status": status,
        "fuel": end.fuel,
        "duration_ms": end.duration_ms,
        "cost": end.cost,
        "truncated": end.truncated,
    });
    let error = end.error.as_ref().map(|error| serde_json::json!(error).to_string());
    Ok([
        events::append_ended(run, now, data.to_string()),
        runs::end(
            run,
            status,
            now,
            end.fuel,
            end.duration_ms,
            end.cost,
            error,
            end.truncated,
            end.checkpoint,
            end.receipt.as_deref(),
        ),
    ])
}

/// Does the log of this ended run hold what was sent, and did it end like this?
async fn is_repeat(at: &Workspace, stored: &Run, sent: &[RunEvent], end: Option<&RunEnd>) -> Result<bool> {
    let same_end = end.is_none_or(|end| {
        stored.status == end.status
            && stored.fuel == Some(end.fuel)
            && stored.duration_ms == Some(end.duration_ms)
            && stored.cost == Some(end.cost)
            && stored.error == end.error
            && stored.truncated == end.truncated
            && stored.checkpoint == end.checkpoint
    });
    let Some(first) = sent.first() else { return Ok(same_end) };
    let held = events::all(
        &at.sql
            .query(events::list(stored.id.as_str(), first.seq.saturating_sub(1), sent.len() as u64))
            .await?,
    )?;
    Ok(same_end && held == sent)
}

fn gap(run: &Run) -> Error {
    let message = format!(
        "Events up to {} are stored, and what was sent does not follow. Nothing was stored; send from {} on.",
        run.last_seq,
        run.last_seq + 1
    );
    Error::new(ErrorKind::Conflict, "run.event_gap", message)
}

fn ended_otherwise(run: &Run) -> Error {
    let message = format!(
        "The run has ended already as `{}`, otherwise than this report says. Nothing was stored.",
        runs::status_name(run.status)
    );
    Error::new(ErrorKind::Conflict, "run.ended", message)
}

pub(super) async fn list(at: &Workspace, run: &str, after: u64, max: u32) -> Result<Vec<RunEvent>> {
    events::all(
        &at.sql
            .query(events::list(run, after, u64::from(max.min(EVENTS_LISTED_MAX))))
            .await?,
    )
}
