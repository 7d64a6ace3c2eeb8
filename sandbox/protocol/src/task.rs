//! What is to be done with the code of an order.

use serde::{Deserialize, Serialize};

use crate::receipt::Certify;

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
    /// Run it once in a determined world. When it ends by itself, the outcome has a receipt. Nobody can answer it meanwhile.
    Certify(Certify),
}

/// How a measurement is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Makes the input from `n`. It is not measured; its fuel counts among that of the run.
    pub setup: String,
    /// First size.
    pub least: u64,
    /// Largest size that is tried.
    pub most: u64,
}
