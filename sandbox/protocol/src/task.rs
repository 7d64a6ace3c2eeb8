//! What is to be done with the code of an order.

use serde::{Deserialize, Serialize};

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Task {
    /// Run it once.
    #[default]
    Run,
    /// Run it for growing `n` and say how its cost grows. The kernel, when there is one, is the start of every size and stays as it is; the
    /// order's limits of fuel and time are those of all sizes together.
    Measure(Measure),
}

/// How a measurement is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Makes the input from `n`; what it costs is not counted.
    pub setup: String,
    /// First size.
    pub least: u64,
    /// Largest size that is tried.
    pub most: u64,
}
