//! Ends runs whose node has been silent for too long.

use std::sync::Arc;
use std::time::Duration;

use selvedge_api::Platform;
use selvedge_api::operations::expire;
use tokio::time::{MissedTickBehavior, interval};

use crate::log;
use crate::stopping::Stopping;

/// How often the host looks.
const EVERY: Duration = Duration::from_secs(1);
/// How many it ends at one look.
const AT_ONCE: u32 = 100;

/// Look once a second until the host ends.
pub(crate) async fn watch(platform: Arc<Platform>, mut stopping: Stopping) {
    let mut timer = interval(EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = stopping.asked() => return,
        }
        match expire(&platform, AT_ONCE).await {
            Ok(0) => {}
            Ok(ended) => log::event("runs.lost", &[("count", &ended.to_string())]),
            Err(error) => log::event("runs.expiry_failed", &[("code", &error.code)]),
        }
    }
}
