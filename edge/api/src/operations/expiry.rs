//! Runs whose node has been silent for too long.

use selvedge_ports::shapes::{Run, RunEnd, RunStatus};
use selvedge_ports::{ErrorKind, Result};

use super::ending;
use crate::{Platform, present};

/// End open runs whose lease has passed, at most `max`; returns how many. Idempotent, and safe beside itself: adapters call it from a
/// timer or a cron trigger.
pub async fn expire(platform: &Platform, max: u32) -> Result<u32> {
    let mut ended = 0;
    for run in platform.workspace.expired_runs(platform.clock.now(), max).await? {
        if repaired(platform, run).await?.status == RunStatus::Lost {
            ended += 1;
        }
    }
    Ok(ended)
}

/// The run as it is, after ending it as lost when its lease has passed.
pub(super) async fn repaired(platform: &Platform, run: Run) -> Result<Run> {
    if !is_expired(platform, &run) {
        return Ok(run);
    }
    // Billing decides between this and a final report that arrives at the same time: a settled hold stays settled, a released one cannot be
    // settled. The report renews the lease before it settles, so when it was first, the run is seen to live here.
    platform.billing.release(&run.id).await?;
    let run = platform.workspace.get_run(&run.id).await?;
    if is_expired(platform, &run) { end_as_lost(platform, &run).await } else { Ok(run) }
}

/// Give up a run that no node has accepted.
pub(super) async fn lose(platform: &Platform, run: &Run) -> Result<Run> {
    platform.billing.release(&run.id).await?;
    end_as_lost(platform, run).await
}

/// Has the lease of this open run passed?
pub(super) fn is_expired(platform: &Platform, run: &Run) -> bool {
    !present::status(run.status).is_final() && run.lease_until < platform.clock.now()
}

async fn end_as_lost(platform: &Platform, run: &Run) -> Result<Run> {
    let end = RunEnd {
        status: RunStatus::Lost,
        fuel: run.fuel.unwrap_or(0),
        duration_ms: run.duration_ms.unwrap_or(0),
        cost: 0,
        error: None,
        truncated: run.truncated,
    };
    let event = ending::ended(platform, run.last_seq + 1, &end);
    match platform.workspace.append_events(&run.id, &[event], Some(&end)).await {
        // Somebody else ended it between our two looks.
        Err(error) if error.kind == ErrorKind::Conflict => platform.workspace.get_run(&run.id).await,
        ended => ended,
    }
}
