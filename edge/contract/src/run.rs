//! Runs and their events.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::task::Task;

/// `POST /api/v1/runs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRun {
    /// `python` or `javascript`.
    pub language: String,
    /// Source, at most 1,000,000 bytes of UTF-8.
    pub code: String,
    /// What the program reads from standard input.
    #[serde(default)]
    pub stdin: Option<String>,
    /// Whether somebody is there to answer when it asks for a line: `POST …/input`. Otherwise its input ends after `stdin`.
    #[serde(default)]
    pub interactive: bool,
    /// What is done with the code.
    #[serde(default)]
    pub task: Task,
    /// What is left out takes its default.
    #[serde(default)]
    pub limits: Option<Limits>,
    /// Which project pays. Left out: the key's project, else the caller's oldest; who has none gets one named `Home`.
    #[serde(default)]
    pub project: Option<String>,
}

/// `POST /api/v1/notebooks/{id}/cells/{cell}/run`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunCell {
    /// Whether somebody is there to answer when it asks for a line. Otherwise its input has ended.
    #[serde(default)]
    pub interactive: bool,
    /// What is done with the cell's code.
    #[serde(default)]
    pub task: Task,
}

/// `POST /api/v1/runs/{id}/input`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InputLine {
    /// The line without its end, at most 1,000,000 bytes of UTF-8. A single U+0004 is the end of the input.
    pub text: String,
}

/// Bounds of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Wall time in milliseconds: 1 to 600,000, default 30,000. It stands still while the run waits for a line of its person.
    #[serde(default)]
    pub wall_ms: Option<u64>,
    /// Units of fuel: 1 to 200,000,000,000,000, default 10,000,000,000,000.
    #[serde(default)]
    pub fuel: Option<u64>,
    /// Bytes of memory: 64 MiB to 1 GiB, default 256 MiB.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Bytes of output kept: 1 to 16 MiB, default 1 MiB.
    #[serde(default)]
    pub output_bytes: Option<u64>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stored; not yet begun.
    Queued,
    /// Begun.
    Running,
    /// Ended without an error.
    Succeeded,
    /// Ended by an exception or a limit other than time.
    Failed,
    /// Stopped at its wall-time limit.
    TimedOut,
    /// Stopped on request.
    Cancelled,
    /// The node disappeared under it; not billed.
    Lost,
}

impl Status {
    /// True once nothing more can happen.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// 202 answer to a new run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunAccepted {
    /// `run_…`
    pub id: String,
    /// `queued`, or what became of the run that the same Idempotency-Key made before.
    pub status: Status,
}

/// A run with its output so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    /// `run_…`
    pub id: String,
    /// Owning project.
    pub project: String,
    /// Set for a cell's run.
    pub notebook: Option<String>,
    /// Set for a cell's run.
    pub cell: Option<String>,
    /// `python` or `javascript`.
    pub language: String,
    /// Where it stands.
    pub status: Status,
    /// Standard output so far.
    pub stdout: String,
    /// Standard error so far.
    pub stderr: String,
    /// The last expression's value as text; absent when it is `None` or there is none.
    pub result: Option<String>,
    /// Everything shown, in order: text, displays, the value, the error.
    pub outputs: Vec<Output>,
    /// Why it failed.
    pub error: Option<RunError>,
    /// What it waits for, when its newest event is an `input_request`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<InputRequest>,
    /// Output was dropped at the limit.
    pub truncated: bool,
    /// Units of fuel used.
    pub fuel: Option<u64>,
    /// Time in the interpreter, without what it waited for lines.
    pub duration_ms: Option<u64>,
    /// Micro-credits charged.
    pub cost: Option<i64>,
    /// Number of the kernel's checkpoint that holds what this run left; none while it is open, and when it left nothing.
    #[serde(default)]
    pub checkpoint: Option<u64>,
    /// Number of the newest event; resume the event stream after it.
    pub last_seq: u64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub started_at: Option<String>,
    /// RFC 3339.
    pub ended_at: Option<String>,
}

/// One thing that a run showed. Neighbouring pieces of the same stream are joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Output {
    /// Standard output.
    Stdout {
        /// May hold ANSI colours.
        text: String,
    },
    /// Standard error.
    Stderr {
        /// May hold ANSI colours.
        text: String,
    },
    /// Something displayed, as it was left: what replaced it or removed it has happened.
    Display {
        /// MIME type → content.
        data: Value,
        /// MIME type → about the content.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        metadata: Value,
        /// The name by which a later event may replace it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_id: Option<String>,
    },
    /// The last expression's value.
    Value {
        /// MIME type → content.
        data: Value,
    },
    /// An exception or a limit.
    Error(RunError),
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunError {
    /// Python's exception type, or `MemoryLimit`, `FuelLimit`, `WallLimit`, `Crash`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One line.
    pub message: String,
    /// With lines of the cell; empty when there is none.
    pub traceback: String,
    /// MIME type → the same as data; from Python `application/vnd.selvedge.traceback+json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

/// A line that a running cell waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InputRequest {
    /// What it asks.
    #[serde(default)]
    pub prompt: String,
    /// The line is a secret: not to be shown while it is typed.
    #[serde(default)]
    pub password: bool,
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunSummary {
    /// `run_…`
    pub id: String,
    /// Set for a cell's run.
    pub notebook: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Units of fuel used.
    pub fuel: Option<u64>,
    /// Time in the interpreter, without what it waited for lines.
    pub duration_ms: Option<u64>,
    /// Micro-credits charged.
    pub cost: Option<i64>,
    /// RFC 3339.
    pub created_at: String,
}

/// One event of a run's stream. In SSE: `id:` is `seq`, `event:` is `kind`, `data:` is this object as JSON. The stream ends after `ended`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// The run.
    pub id: String,
    /// From 1, without gaps.
    pub seq: u64,
    /// `started`, `stdout`, `stderr`, `display`, `value`, `error`, `input_request`, `ended`.
    pub kind: String,
    /// The run's path: `/api/v1/runs/<id>`.
    pub subject: String,
    /// RFC 3339 with milliseconds.
    pub at: String,
    /// Depends on the kind: `{"text"}`, a MIME bundle, `{"type","message","traceback","data"?}`, `{"prompt","password"}` or
    /// `{"status","fuel","duration_ms","cost","truncated"}`.
    pub data: Value,
}
