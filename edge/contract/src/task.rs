//! What is done with a run's code, and what can be known of it for certain afterwards.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is done with the code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Task {
    /// It is run.
    #[default]
    Run,
    /// It is run in a determined world: its clock moves only when it looks, its randomness comes from a seed. When it has ended by itself,
    /// `GET /api/v1/runs/{run}/receipt` answers with what anybody needs to check it by running it again. Nobody can answer it meanwhile.
    Certify,
    /// It is run for growing `n`, each time from the same start, to find out how its cost grows. The display with the id `complexity` shows
    /// the sizes so far; the value is what was found. All sizes together obey the run's limits and cost what they use.
    Measure(Measure),
}

/// How a measurement is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Makes the input from `n`; only the run's own code is measured. At most 1,000,000 bytes of UTF-8.
    #[serde(default)]
    pub setup: String,
    /// The first size, at least 1; default 16.
    #[serde(default = "least")]
    pub least: u64,
    /// The largest size that is tried, at most 4,294,967,296; default 1,000,000.
    #[serde(default = "most")]
    pub most: u64,
}

const fn least() -> u64 {
    16
}

const fn most() -> u64 {
    1_000_000
}

/// `GET /api/v1/runs/{id}/receipt`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedReceipt {
    /// JWT signed with Ed25519 by a key in `/.well-known/jwks.json`: audience `selvedge-receipt`, the receipt in the claim `receipt`, no expiry.
    pub token: String,
    /// The receipt that is in it, for reading.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub receipt: Value,
}
