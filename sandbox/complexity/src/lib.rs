//! How a program's cost grows with its input, measured and not guessed.
//!
//! [`measure`] runs a program's body for growing `n`, each time from the same checkpoint, and takes its fuel, which is the same every time, and the
//! memory that it touches. [`fit`] says which class explains the points best, how far the next one is behind, and how well the class predicts a
//! size that it has not seen.

mod class;
mod fit;
mod measure;
mod present;
mod sizes;

pub use class::Class;
pub use fit::{Confidence, Fit, FitError, POINTS_MIN, Point, Verdict, fit};
pub use measure::{MeasureError, Measurement, Program, Sample, measure};
pub use present::{MIME, bundle, progress};
