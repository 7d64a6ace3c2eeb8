//! What an operator watches, in the format of Prometheus. Numbers only: no ids, no names, nothing that users wrote.

pub(crate) mod server;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use selvedge_protocol::{Outcome, Status};

use crate::status::Load;

/// The node's figures. Clones count into the same ones.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Mutex<Registry>>,
    runs: Family<Ended, Counter>,
    refused: Family<Refused, Counter>,
    fuel: Counter,
    waiting: Gauge,
    running: Gauge,
    seconds: Histogram,
    stored: Counter,
    storing: Histogram,
    woken: Counter,
    workers_lost: Counter,
    reports_repeated: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    code: &'static str,
}

impl Metrics {
    /// All zero.
    pub(crate) fn new() -> Self {
        let metrics = Self {
            registry: Arc::new(Mutex::new(Registry::with_prefix("selvedge_node"))),
            runs: Family::default(),
            refused: Family::default(),
            fuel: Counter::default(),
            waiting: Gauge::default(),
            running: Gauge::default(),
            // From a millisecond to half an hour.
            seconds: Histogram::new(exponential_buckets(0.001, 4.0, 11)),
            stored: Counter::default(),
            // From a tenth of a millisecond to a minute and a half.
            storing: Histogram::new(exponential_buckets(0.000_1, 4.0, 10)),
            woken: Counter::default(),
            workers_lost: Counter::default(),
            reports_repeated: Counter::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register("runs", "Runs that ended, by how", self.runs.clone());
        registry.register(
            "orders_refused",
            "Orders that were not accepted, by error code",
            self.refused.clone(),
        );
        registry.register("fuel", "Units of fuel that runs used", self.fuel.clone());
        registry.register("runs_waiting", "Runs that were accepted and have not begun", self.waiting.clone());
        registry.register("runs_running", "Runs that have begun and not ended", self.running.clone());
        registry.register("run_seconds", "Time of runs in the interpreter", self.seconds.clone());
        registry.register("checkpoint_bytes", "Bytes of checkpoints written", self.stored.clone());
        registry.register("checkpoint_seconds", "Time until a checkpoint was on disk", self.storing.clone());
        registry.register("kernels_woken", "Kernels that were woken from a checkpoint", self.woken.clone());
        registry.register(
            "workers_lost",
            "Worker processes that ended and were replaced",
            self.workers_lost.clone(),
        );
        registry.register(
            "reports_repeated",
            "Reports that the edge did not take at once",
            self.reports_repeated.clone(),
        );
    }

    /// The text that a scraper gets.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing into a string cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &registry);
        text
    }

    /// How much there is at the moment.
    pub(crate) fn load(&self) -> Load {
        Load {
            running: self.running.get(),
            waiting: self.waiting.get(),
        }
    }

    /// An order was not accepted.
    pub(crate) fn refused(&self, code: &'static str) {
        self.refused.get_or_create(&Refused { code }).inc();
    }

    /// A run was accepted; counts as waiting, then as running, until it is dropped.
    pub(crate) fn accepted(&self) -> InHand {
        self.waiting.inc();
        InHand {
            metrics: self.clone(),
            running: false,
        }
    }

    /// A run ended.
    pub(crate) fn ended(&self, outcome: &Outcome) {
        let status = match outcome.status {
            Status::Succeeded => "succeeded",
            Status::Failed => "failed",
            Status::TimedOut => "timed_out",
            Status::Cancelled => "cancelled",
            Status::Lost => "lost",
        };
        self.runs.get_or_create(&Ended { status }).inc();
        self.fuel.inc_by(outcome.fuel);
        self.seconds.observe(Duration::from_millis(outcome.duration_ms).as_secs_f64());
    }

    /// A checkpoint is on disk.
    pub(crate) fn stored(&self, bytes: usize, took: Duration) {
        self.stored.inc_by(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.storing.observe(took.as_secs_f64());
    }

    /// A kernel was woken.
    pub(crate) fn woke(&self) {
        self.woken.inc();
    }

    /// A worker ended without being asked to.
    pub(crate) fn worker_lost(&self) {
        self.workers_lost.inc();
    }

    /// A report has to be sent again.
    pub(crate) fn report_repeated(&self) {
        self.reports_repeated.inc();
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Metrics")
    }
}

/// A run between being accepted and its end.
#[derive(Debug)]
pub(crate) struct InHand {
    metrics: Metrics,
    running: bool,
}

impl InHand {
    /// It has begun.
    pub(crate) fn begin(&mut self) {
        if !std::mem::replace(&mut self.running, true) {
            self.metrics.waiting.dec();
            self.metrics.running.inc();
        }
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.running {
            self.metrics.running.dec();
        } else {
            self.metrics.waiting.dec();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(metrics: &Metrics, line: &str) -> Option<String> {
        let text = metrics.text();
        let found = text.lines().find_map(|found| found.strip_prefix(line))?;
        Some(found.trim().to_owned())
    }

    #[test]
    fn a_run_waits_then_runs_then_has_ended() {
        let metrics = Metrics::new();
        let mut run = metrics.accepted();
        let unlucky = metrics.accepted();
        assert_eq!(value(&metrics, "selvedge_node_runs_waiting").unwrap(), "2");
        run.begin();
        run.begin();
        drop(unlucky);
        assert_eq!(value(&metrics, "selvedge_node_runs_waiting").unwrap(), "0");
        assert_eq!(value(&metrics, "selvedge_node_runs_running").unwrap(), "1");
        drop(run);
        assert_eq!(value(&metrics, "selvedge_node_runs_running").unwrap(), "0");
        metrics.ended(&Outcome {
            status: Status::TimedOut,
            fuel: 7,
            duration_ms: 30_000,
            error: None,
            truncated: false,
            receipt: None,
        });
        assert_eq!(value(&metrics, "selvedge_node_runs_total{status=\"timed_out\"}").unwrap(), "1");
        assert_eq!(value(&metrics, "selvedge_node_fuel_total").unwrap(), "7");
    }
}
