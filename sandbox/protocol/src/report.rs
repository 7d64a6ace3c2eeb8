//! What a node tells the edge.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::receipt::Receipt;

/// `POST <report_url>`: new events in order, possibly none (which renews the lease), and the outcome with the last of them.
/// Reports can be repeated: events whose number is stored already are skipped. 2xx: stored. 4xx: final, stop sending. Else: try again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Without gaps; the node numbers from 1. The `ended` event is not among them: the edge makes it, because only it knows the cost.
    pub events: Vec<Event>,
    /// Set in the last report.
    pub outcome: Option<Outcome>,
    /// With the outcome: the number of the checkpoint that the run left of its kernel.
    #[serde(default)]
    pub checkpoint: Option<u64>,
}

/// The edge's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportReply {
    /// Somebody asked for the run to stop.
    pub cancel_requested: bool,
}

/// One numbered event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// From 1, without gaps.
    pub seq: u64,
    /// What happened.
    pub kind: EventKind,
    /// Milliseconds since the epoch on the node's clock.
    pub at: u64,
    /// Depends on the kind; see `event-kind` in `wit/workspace`.
    pub data: Value,
}

/// Kinds of events that a node reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The run has begun.
    Started,
    /// `{"text"}`
    Stdout,
    /// `{"text"}`
    Stderr,
    /// MIME bundle.
    Display,
    /// MIME bundle of the last expression.
    Value,
    /// `{"type","message","traceback"}`
    Error,
    /// The cell waits for a line: `{"prompt","password"}`. Answered by `POST /v1/runs/{run}/input`.
    #[serde(rename = "input_request")]
    Input,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Final state.
    pub status: Status,
    /// Fuel used.
    pub fuel: u64,
    /// Time in the interpreter, without what it waited for its person.
    pub duration_ms: u64,
    /// Why it failed; also sent as an `error` event before.
    pub error: Option<RunFailure>,
    /// Output was dropped at the limit.
    pub truncated: bool,
    /// Of a run that was to be certified and ended by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Box<Receipt>>,
}

/// Final states that a node can report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Ended without an error.
    Succeeded,
    /// An exception, or a limit other than time.
    Failed,
    /// The wall-time limit.
    TimedOut,
    /// Stopped on request.
    Cancelled,
    /// The node restarted or the guest's process died under it.
    Lost,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// Python's exception type, or `MemoryLimit`, `FuelLimit`, `WallLimit`, `Crash`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One line.
    pub message: String,
    /// Formatted traceback; empty when there is none.
    pub traceback: String,
}
