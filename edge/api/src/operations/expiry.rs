//! Runs whose node has been silent for too long.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Run, RunStatus};

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
    if is_expired(platform, &run) {
        ending::lost(platform, &run).await
    } else {
        Ok(run)
    }
}

/// Has the lease of this open run passed?
fn is_expired(platform: &Platform, run: &Run) -> bool {
    !present::status(run.status).is_final() && run.lease_until < platform.clock.now()
}
