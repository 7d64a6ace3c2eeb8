//! What nodes report.

use selvedge_ports::shapes::{EventKind, Run, RunEnd, RunError, RunEvent, RunStatus, Usage};
use selvedge_ports::{Error, ErrorKind, Result};
use selvedge_protocol as protocol;

use super::receipt;
use crate::{Platform, present};

/// A final report settles only under a lease that lasts at least this much longer, so that nobody ends the run as lost meanwhile.
const LEASE_MARGIN_MS: u64 = 5_000;

/// May the bearer of this report token report on this run? Errors: `unauthenticated`, `not-found` (it is another run's).
pub async fn may_report(platform: &Platform, token: &str, run: &str) -> Result<()> {
    if platform.auth.check_report(token).await? == run {
        Ok(())
    } else {
        Err(Error::not_found("run.not_found", "This token reports on another run."))
    }
}

/// Store a report on a run. The caller has been checked by [`may_report`]. Can be repeated at any point.
/// Errors: `not-found`, `conflict` (a gap, or the run has ended otherwise).
pub async fn report(platform: &Platform, run: &str, report: protocol::Report) -> Result<protocol::ReportReply> {
    let events: Vec<RunEvent> = report.events.into_iter().map(event).collect();
    let Some(outcome) = report.outcome else {
        let run = platform.workspace.append_events(run, &events, None).await?;
        // A node that still works on a run that was given up can stop.
        return if present::status(run.status).is_final() {
            Err(ended_otherwise())
        } else {
            Ok(reply(&run))
        };
    };
    let mut stored = platform.workspace.get_run(run).await?;
    if !present::status(stored.status).is_final() && stored.lease_until < platform.clock.now() + LEASE_MARGIN_MS {
        stored = platform.workspace.append_events(run, &[], None).await?;
    }
    let status = status(outcome.status);
    if present::status(stored.status).is_final() {
        // Settled before it was stored, so there is nothing left to do for a repeated report.
        return if stored.status == status {
            Ok(reply(&stored))
        } else {
            Err(ended_otherwise())
        };
    }
    let cost = if status == RunStatus::Lost {
        platform.billing.release(run).await?;
        0
    } else {
        platform.billing.settle(run, Usage { fuel: outcome.fuel }).await?
    };
    let receipt = receipt::signed(platform, &stored, &outcome).await?;
    let end = RunEnd {
        status,
        receipt,
        fuel: outcome.fuel,
        duration_ms: outcome.duration_ms,
        cost,
        error: outcome.error.map(|error| RunError {
            type_name: error.kind,
            message: error.message,
            traceback: error.traceback,
        }),
        truncated: outcome.truncated,
        checkpoint: report.checkpoint,
    };
    let run = platform.workspace.append_events(run, &events, Some(&end)).await?;
    Ok(reply(&run))
}

const fn reply(run: &Run) -> protocol::ReportReply {
    protocol::ReportReply {
        cancel_requested: run.cancel_requested,
    }
}

fn ended_otherwise() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "run.ended",
        "The run has ended already, in another way than this report says.",
    )
}

fn event(event: protocol::Event) -> RunEvent {
    let kind = match event.kind {
        protocol::EventKind::Started => EventKind::Started,
        protocol::EventKind::Stdout => EventKind::Stdout,
        protocol::EventKind::Stderr => EventKind::Stderr,
        protocol::EventKind::Display => EventKind::Display,
        protocol::EventKind::Value => EventKind::Value,
        protocol::EventKind::Error => EventKind::Error,
        protocol::EventKind::Input => EventKind::InputRequest,
    };
    RunEvent {
        seq: event.seq,
        kind,
        at: event.at,
        data: event.data.to_string(),
    }
}

const fn status(status: protocol::Status) -> RunStatus {
    match status {
        protocol::Status::Succeeded => RunStatus::Succeeded,
        protocol::Status::Failed => RunStatus::Failed,
        protocol::Status::TimedOut => RunStatus::TimedOut,
        protocol::Status::Cancelled => RunStatus::Cancelled,
        protocol::Status::Lost => RunStatus::Lost,
    }
}
