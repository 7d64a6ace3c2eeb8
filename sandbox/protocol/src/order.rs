//! What the edge asks of a node.

use std::fmt;

use crate::task::Task;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// One run to be done. `POST /v1/runs` at the node, with `Authorization: Bearer <ticket>`; the answer is 202 once it is queued there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// `run_…`
    pub run: String,
    /// Who pays (`prj_…`): projects take turns at a node, and share nothing.
    pub project: String,
    /// The project's key for the checkpoints of its kernels. Made with the project; without it they cannot be read.
    pub seal: Seal,
    /// With whom it may share a process.
    #[serde(default)]
    pub cordon: Cordon,
    /// The kernel to run in (`krn_…`), which is made or woken when it is not alive; none for an isolated run in a fresh instance.
    pub kernel: Option<String>,
    /// Shown in tracebacks instead of a file name, for example `cell 3`.
    pub label: String,
    /// One of [`LANGUAGES`].
    pub language: String,
    /// The environment image to run in, by its hash (64 hexadecimal digits); none: the language without packages. A kernel stays in the one that
    /// it began in.
    #[serde(default)]
    pub environment: Option<String>,
    /// Source text.
    pub code: String,
    /// What to do with it.
    #[serde(default)]
    pub task: Task,
    /// Standard input.
    pub stdin: Option<String>,
    /// Somebody is there to answer when the cell asks for a line (`POST /v1/runs/{run}/input`); otherwise that is the end of the input.
    #[serde(default)]
    pub interactive: bool,
    /// Bounds of this run.
    pub limits: OrderLimits,
    /// Where to send [`crate::Report`]s: an absolute URL.
    pub report_url: String,
    /// Bearer token for that URL.
    pub report_token: String,
}

/// With whom a run may share a process of the node: only with runs of the same cordon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cordon {
    /// Visitors whom nobody knows.
    #[default]
    Anonymous,
    /// People with an account.
    SignedIn,
    /// Its project alone, where the node offers that; else as for people with an account.
    Private,
}

/// A project's key: 32 bytes, as 64 lower-case hexadecimal digits in JSON. Its value does not show in debug output, and is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seal(String);

impl Seal {
    /// From hexadecimal, which [`Seal::bytes`] looks at.
    #[must_use]
    pub fn from_hex(hex: String) -> Self {
        Self(hex)
    }

    /// The key; none when it is not one.
    #[must_use]
    pub fn bytes(&self) -> Option<[u8; 32]> {
        let (pairs, rest) = self.0.as_bytes().as_chunks::<2>();
        let mut key = [0; 32];
        if pairs.len() != key.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in key.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(key)
    }
}

fn digit(ascii: u8) -> Option<u8> {
    match ascii {
        b'0'..=b'9' => Some(ascii - b'0'),
        b'a'..=b'f' => Some(ascii - b'a' + 10),
        _ => None,
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seal")
    }
}

impl Drop for Seal {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The languages of runs. A kernel has one of them for all its life.
pub const LANGUAGES: [&str; 2] = ["python", "javascript"];

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
    /// `run_…`, or `krn_…` for what is done with a kernel.
    pub run: String,
    /// What is asked: the last part of the path (`input`, `ask`, `rewind`, …). Empty for an order and for cancelling it, and in report tokens.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// SHA-256 of the request body, lower-case hexadecimal; empty in report tokens.
    #[serde(default)]
    pub digest: String,
}

/// Audience of tickets that a node accepts.
pub const AUDIENCE_NODE: &str = "selvedge-node";
/// Audience of tickets that let somebody look on at one run: its events, live. They permit nothing else.
pub const AUDIENCE_STREAM: &str = "selvedge-stream";
/// Audience of receipts that the edge has signed.
pub const AUDIENCE_RECEIPT: &str = "selvedge-receipt";
/// Audience of tokens with which a node reports.
pub const AUDIENCE_REPORT: &str = "selvedge-report";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_32_bytes_and_keeps_them_to_itself() {
        let seal = Seal::from_hex("0a".repeat(31) + "ff");
        assert_eq!(seal.bytes().unwrap()[30..], [10, 255]);
        assert_eq!(format!("{seal:?}"), "Seal");
        assert_eq!(serde_json::from_str::<Seal>(&serde_json::to_string(&seal).unwrap()).unwrap(), seal);
        for bad in [
            "",
            "0",
            &"0a".repeat(31),
            &"0a".repeat(33),
            &"0A".repeat(32),
            &"0g".repeat(32),
            &("0a".repeat(31) + "+1"),
        ] {
            assert_eq!(Seal::from_hex((*bad).to_owned()).bytes(), None, "{bad}");
        }
    }
}
