use serde::{Deserialize, Serialize};
use std::f64::consts::{LN_2, PI};

/// How cost grows with the size `n` of the input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "class")]
pub enum Class {
    /// 1: not at all.
    Constant,
    /// log n
    Logarithmic,
    /// √n
    SquareRoot,
    /// n
    Linear,
    /// n log n
    Linearithmic,
    /// n √n
    LinearRoot,
    /// n²
    Quadratic,
    /// n² log n
    QuadraticLog,
    /// n³
    Cubic,
    /// n⁴
    Quartic,
    /// baseⁿ, with the base that fits best.
    Exponential {
        /// Greater than 1; 2 for all subsets, 1.618 for naive Fibonacci numbers.
        base: f64,
    },
    /// n!
    Factorial,
}

impl Class {
    /// Every class without a parameter of its own, slowest growth first.
    pub(crate) const FIXED: [Self; 11] = [
        Self::Constant,
        Self::Logarithmic,
        Self::SquareRoot,
        Self::Linear,
        Self::Linearithmic,
        Self::LinearRoot,
        Self::Quadratic,
        Self::QuadraticLog,
        Self::Cubic,
        Self::Quartic,
        Self::Factorial,
    ];

    /// Logarithm of the growth function, which itself would overflow.
    pub(crate) fn ln_growth(self, n: f64) -> f64 {
        let log = n.max(1.0).ln();
        match self {
            Self::Constant => 0.0,
            // One more than the logarithm of n, or the smallest size would cost nothing.
            Self::Logarithmic => (log + 1.0).ln(),
            Self::SquareRoot => 0.5 * log,
            Self::Linear => log,
            Self::Linearithmic => log + (log.max(LN_2)).ln(),
            Self::LinearRoot => 1.5 * log,
            Self::Quadratic => 2.0 * log,
            Self::QuadraticLog => 2.0 * log + (log.max(LN_2)).ln(),
            Self::Cubic => 3.0 * log,
            Self::Quartic => 4.0 * log,
            Self::Exponential { base } => n * base.ln(),
            // Stirling's series; its error is far below what is measured.
            Self::Factorial => n * log - n + 0.5 * (2.0 * PI * n.max(1.0)).ln() + 1.0 / (12.0 * n.max(1.0)),
        }
    }

    /// As people write it: `O(n log n)`.
    #[must_use]
    pub fn notation(self) -> String {
        let inside = match self {
            Self::Constant => "1",
            Self::Logarithmic => "log n",
            Self::SquareRoot => "√n",
            Self::Linear => "n",
            Self::Linearithmic => "n log n",
            Self::LinearRoot => "n √n",
            Self::Quadratic => "n²",
            Self::QuadraticLog => "n² log n",
            Self::Cubic => "n³",
            Self::Quartic => "n⁴",
            Self::Exponential { base } => return format!("O({}ⁿ)", rounded(base)),
            Self::Factorial => "n!",
        };
        format!("O({inside})")
    }

    /// Parameters beside the two of every fit.
    pub(crate) fn parameters(self) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Exponential { .. } => 3.0,
            _ => 2.0,
        }
    }
}

/// Three digits, without zeros at the end.
fn rounded(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
