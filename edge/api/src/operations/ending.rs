//! Runs that end before a node sees them, and the event that ends every run.

use selvedge_ports::shapes::{EventKind, Run, RunEnd, RunError, RunEvent, RunStatus};
use selvedge_ports::{Error, ErrorKind, Result};
use serde_json::json;

use crate::{Platform, present};

/// End a run whose hold was refused.
pub(super) async fn refused(platform: &Platform, run: &Run, why: &Error) -> Result<Run> {
    let insufficient = why.kind == ErrorKind::InsufficientCredits;
    let end = RunEnd {
        status: if insufficient { RunStatus::Failed } else { RunStatus::Lost },
        fuel: 0,
        duration_ms: 0,
        cost: 0,
        error: insufficient.then(|| RunError {
            type_name: "InsufficientCredits".to_owned(),
            message: why.message.clone(),
            traceback: String::new(),
        }),
        truncated: false,
    };
    let event = ended(platform, run.last_seq + 1, &end);
    platform.workspace.append_events(&run.id, &[event], Some(&end)).await
}

/// The last event of a run.
pub(super) fn ended(platform: &Platform, seq: u64, end: &RunEnd) -> RunEvent {
    let data = json!({
        "status": present::status(end.status),
        "fuel": end.fuel,
        "duration_ms": end.duration_ms,
        "cost": end.cost,
        "truncated": end.truncated,
    });
    RunEvent { seq, kind: EventKind::Ended, at: platform.clock.now(), data: data.to_string() }
}
