//! What the edge asks of a node.

use serde::{Deserialize, Serialize};

/// One run to be done. `POST /v1/runs` at the node, with `Authorization: Bearer <ticket>`; the answer is 202 once it is queued there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// `run_…`
    pub run: String,
    /// The kernel to run in (`krn_…`), which is made or woken when it is not alive; none for an isolated run in a fresh instance.
    pub kernel: Option<String>,
    /// Shown in tracebacks instead of a file name, for example `cell 3`.
    pub label: String,
    /// `python`.
    pub language: String,
    /// Source text.
    pub code: String,
    /// Standard input.
    pub stdin: Option<String>,
    /// Bounds of this run.
    pub limits: OrderLimits,
    /// Where to send [`crate::Report`]s: an absolute URL.
    pub report_url: String,
    /// Bearer token for that URL.
    pub report_token: String,
}

/// Bounds of one run; each was checked by the edge against [`crate::limits`] and is checked again by the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLimits {
    /// Wall time in milliseconds.
    pub wall_ms: u64,
    /// Units of fuel.
    pub fuel: u64,
    /// Bytes of linear memory.
    pub memory_bytes: u64,
    /// Bytes of output kept.
    pub output_bytes: u64,
}

/// Claims of the ticket (JWT, EdDSA) beside `exp` and `iat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketClaims {
    /// `selvedge-node`: an order or a cancel. `selvedge-report`: reports of one run.
    pub aud: String,
    /// `run_…`
    pub run: String,
    /// SHA-256 of the request body, lower-case hexadecimal; empty in report tokens.
    #[serde(default)]
    pub digest: String,
}

/// Audience of tickets that a node accepts.
pub const AUDIENCE_NODE: &str = "selvedge-node";
/// Audience of tokens with which a node reports.
pub const AUDIENCE_REPORT: &str = "selvedge-report";
