//! Tells the edge what a run says and how it ended, for as long as it takes.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::uri::PathAndQuery;
use selvedge_protocol::ReportReply;
use selvedge_protocol::limits::LEASE_RENEW_MS;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::edge::{Edge, NoAnswer};
use crate::events::Events;
use crate::log;
use crate::metrics::Metrics;
use crate::stop::{Stop, Stopper};

/// First pause after a failed report; each further one is twice as long.
const PAUSE_FIRST: Duration = Duration::from_millis(50);
/// Longest pause. Well below the lease, so that an edge that comes back finds the run alive.
const PAUSE_LONGEST: Duration = Duration::from_secs(5);

/// Where a run's reports go.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// `run_…`, for the log.
    pub(crate) run: String,
    /// Path at the edge.
    pub(crate) path: PathAndQuery,
    /// Bearer token.
    pub(crate) token: String,
}

/// How long the first report waits for the run's end. A short run then takes one report, and the edge one transaction, instead of two.
const GATHER: Duration = Duration::from_millis(1);

/// What the edge made of a report.
enum Answer {
    /// Stored.
    Stored(ReportReply),
    /// It wants no more of this run.
    Final(StatusCode),
    /// It could not take it now.
    Later(String),
}

/// Send reports, one at a time, until the edge has the outcome or wants no more. Whatever happens while one is under way goes with the next;
/// while nothing happens, empty reports renew the lease.
pub(crate) async fn deliver(edge: &Edge, address: &Address, events: &Events, stopper: &Stopper, metrics: &Metrics) {
    let mut renew_at = Instant::now() + Duration::from_millis(LEASE_RENEW_MS);
    let mut pause = PAUSE_FIRST;
    let mut gather = Some(GATHER);
    loop {
        let mut batch = events.batch();
        if batch.events == 0 && !batch.last && timeout_at(renew_at, events.changed()).await.is_ok() {
            continue;
        }
        if let Some(most) = gather.take_if(|_| batch.events > 0 && !batch.last) {
            let _ = timeout(most, events.ended()).await;
            batch = events.batch();
        }
        match understand(edge.post(address.path.clone(), &address.token, batch.body).await) {
            Answer::Stored(reply) => {
                events.acknowledge(batch.events);
                if batch.last {
                    return;
                }
                if reply.cancel_requested {
                    stopper.ask(Stop::Cancelled);
                }
                pause = PAUSE_FIRST;
                renew_at = Instant::now() + Duration::from_millis(LEASE_RENEW_MS);
            }
            Answer::Final(status) => {
                log::warn(
                    "the edge wants no more reports of a run",
                    json!({ "run": address.run, "status": status.as_u16() }),
                );
                // Nobody will see what it still does.
                events.close();
                stopper.ask(Stop::Cancelled);
                return;
            }
            Answer::Later(reason) => {
                metrics.report_repeated();
                log::warn(
                    "a report will be repeated",
                    json!({ "run": address.run, "reason": reason, "pause_ms": pause.as_millis() }),
                );
                sleep(pause).await;
                pause = (2 * pause).min(PAUSE_LONGEST);
            }
        }
    }
}

fn understand(answer: Result<(StatusCode, Bytes), NoAnswer>) -> Answer {
    match answer {
        // An edge that says nothing asks for nothing.
        Ok((status, body)) if status.is_success() => Answer::Stored(serde_json::from_slice(&body).unwrap_or_default()),
        Ok((status @ (StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS), _)) => {
            Answer::Later(status.to_string())
        }
        Ok((status, _)) if status.is_client_error() => Answer::Final(status),
        Ok((status, _)) => Answer::Later(status.to_string()),
        Err(error) => Answer::Later(error.to_string()),
    }
}
