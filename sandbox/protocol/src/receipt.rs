//! What is known of a run whose result anybody can check by running it again.

use serde::{Deserialize, Serialize};

use crate::{OrderLimits, Status};

/// What a certified run begins with, beside its code: everything that it sees of the world is determined by this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certify {
    /// Its randomness: 32 bytes as 64 lower-case hexadecimal digits.
    pub seed: String,
    /// The time at which its clock begins, in milliseconds since 1970. It moves only when the program looks at it or waits.
    pub time_ms: u64,
}

/// Says that `code`, from `start` on, with these inputs, had this end. Hashes are BLAKE3, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Of this form: [`Receipt::VERSION`].
    pub version: u32,
    /// `run_…`
    pub run: String,
    /// Of the image that ran it.
    pub image: String,
    /// Its language.
    pub language: String,
    /// What tracebacks show instead of a file name.
    pub label: String,
    /// Of the source.
    pub code: String,
    /// Of the standard input; of nothing when there was none.
    pub stdin: String,
    /// Digest of the kernel's state before; none for a fresh one.
    pub start: Option<String>,
    /// Randomness and time.
    pub world: Certify,
    /// Bounds. Wall time is not among what a run does; a run that it ended has no receipt.
    pub limits: OrderLimits,
    /// How it ended: `succeeded` or `failed`.
    pub status: Status,
    /// Fuel used.
    pub fuel: u64,
    /// Of everything that it said, in order; how text was cut into events does not matter.
    pub output: String,
    /// Digest of the kernel's state afterwards; none when a limit or a crash left no state.
    pub end: Option<String>,
}

impl Receipt {
    /// Changes with the meaning of any field.
    pub const VERSION: u32 = 1;
}
