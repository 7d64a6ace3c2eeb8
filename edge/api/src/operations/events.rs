//! Following a run's events.

use selvedge_ports::Result;
use selvedge_ports::shapes::{EventKind, Run, RunEvent};

use super::expiry;
use crate::policy::Operation;
use crate::{Caller, Platform, access};

/// Events read at one look.
const AT_ONCE: u32 = 200;

/// What one look at a run's event log found.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// New events in order.
    pub events: Vec<RunEvent>,
    /// The last of them ends the run.
    pub ended: bool,
}

/// May the caller follow this run? Returns it.
pub async fn follow(platform: &Platform, caller: &Caller, run: &str) -> Result<Run> {
    access::run(platform, caller, Operation::FollowRun, run).await
}

/// The run's events after the given number. The caller has been authorized by [`follow`]. With `lease`, a run whose lease has passed is
/// ended as lost first.
pub async fn look(platform: &Platform, run: &str, after: u64, lease: bool) -> Result<Look> {
    if lease {
        expiry::repaired(platform, platform.workspace.get_run(run).await?).await?;
    }
    let events = platform.workspace.events(run, after, AT_ONCE).await?;
    let ended = events.last().is_some_and(|event| event.kind == EventKind::Ended);
    Ok(Look { events, ended })
}
