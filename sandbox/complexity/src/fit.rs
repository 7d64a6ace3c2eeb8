use crate::class::Class;
use serde::{Deserialize, Serialize};

/// What one size cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Size of the input.
    pub n: u64,
    /// Units of fuel, or bytes.
    pub cost: f64,
}

/// `cost = fixed + scale · growth(n) / growth(largest n)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The growth.
    #[serde(flatten)]
    pub class: Class,
    /// What every size costs.
    pub fixed: f64,
    /// What growth adds at the largest size.
    pub scale: f64,
    /// Root of the mean square of relative errors.
    pub error: f64,
    /// Akaike's information criterion, corrected for few points. Smaller is better.
    pub aic: f64,
}

/// What is said of a series of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The class that explains the points best.
    pub best: Fit,
    /// The one after it.
    pub runner_up: Fit,
    /// How much better the best is: AIC of the runner-up minus that of the best.
    pub margin: f64,
    /// The relative error with which the class, fitted without the largest size, predicts its cost.
    pub held_out_error: f64,
    /// Slope of log cost over log n in the upper half: 1 for linear, 2 for quadratic. Knows nothing of the classes.
    pub tail_slope: f64,
    /// How far to trust it.
    pub confidence: Confidence,
}

/// How far to trust a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// No other class comes near, and it predicts the largest size within a tenth.
    High,
    /// It is the best one, but the runner-up or the held-out size leaves doubt.
    Medium,
    /// Between the best and the runner-up.
    Low,
}

/// Why points cannot be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Fewer than [`POINTS_MIN`].
    #[error("only {0} sizes could be measured, {POINTS_MIN} are needed: allow more fuel or start from a smaller size")]
    TooFew(usize),
    /// Two points of one size, or a size that decreases, or a cost that is not a positive number.
    #[error("sizes must increase, and costs must be positive numbers")]
    Disorder,
}

/// Fewest sizes that say anything.
pub const POINTS_MIN: usize = 5;

/// Costs that in the upper half of the sizes differ by less than this share of the largest are constant, whatever steps there are before.
const CONSTANT_SPREAD: f64 = 0.05;
/// Relative errors below this are not evidence: interpreters allocate and resize in steps.
const ERROR_FLOOR: f64 = 1e-3;
/// A class that is better by this much has practically no rival (Burnham and Anderson's rule).
const CLEAR_MARGIN: f64 = 10.0;
const SOME_MARGIN: f64 = 4.0;
const HELD_OUT_MAX: f64 = 0.1;
/// Bases of exponentials that are looked at.
const BASES: (f64, f64) = (1.02, 12.0);

impl Fit {
    /// The cost of a size by this fit, where `largest` is the largest size that it was made of.
    #[must_use]
    pub fn predict(&self, n: u64, largest: u64) -> f64 {
        self.fixed + self.scale * growth(self.class, n, largest)
    }
}

/// The class that explains `points` best, by relative errors (a size that costs a thousand times as much counts as much as the smallest).
///
/// # Errors
/// See [`FitError`].
pub fn fit(points: &[Point]) -> Result<Verdict, FitError> {
    if points.len() < POINTS_MIN {
        return Err(FitError::TooFew(points.len()));
    }
    let ordered = points.is_sorted_by(|a, b| a.n < b.n);
    if !ordered || points.iter().any(|point| !(point.cost.is_finite() && point.cost > 0.0)) {
        return Err(FitError::Disorder);
    }
    let [best, runner_up] = ranked(points);
    let held_out_error = held_out(points);
    let constant = best.class == Class::Constant;
    let margin = runner_up.aic - best.aic;
    let confidence = if (constant || margin >= CLEAR_MARGIN) && held_out_error <= HELD_OUT_MAX {
        Confidence::High
    } else if margin >= SOME_MARGIN {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    Ok(Verdict {
        best,
        runner_up,
        margin,
        held_out_error,
        tail_slope: tail_slope(points),
        confidence,
    })
}

/// The two best fits; a constant is one by rule.
fn ranked(points: &[Point]) -> [Fit; 2] {
    let exponential = [Class::Exponential { base: best_base(points) }];
    let mut fits: Vec<Fit> = Class::FIXED
        .into_iter()
        .chain(exponential)
        .map(|class| fitted(class, points))
        .collect();
    fits.sort_by(|a, b| a.aic.total_cmp(&b.aic));
    if let Some(at) = fits
        .iter()
        .position(|fit| fit.class == Class::Constant)
        .filter(|_| spread(upper_half(points)) < CONSTANT_SPREAD)
    {
        let constant = fits.remove(at);
        fits.insert(0, constant);
    }
    match fits.as_slice() {
        [best, runner_up, ..] => [*best, *runner_up],
        // There are twelve classes.
        _ => [fitted(Class::Constant, points); 2],
    }
}

fn upper_half(points: &[Point]) -> &[Point] {
    points.get(points.len() / 2..).unwrap_or(points)
}

fn spread(points: &[Point]) -> f64 {
    let most = points.iter().map(|point| point.cost).fold(f64::MIN, f64::max);
    let least = points.iter().map(|point| point.cost).fold(f64::MAX, f64::min);
    (most - least) / most
}

fn growth(class: Class, n: u64, largest: u64) -> f64 {
    (class.ln_growth(float(n)) - class.ln_growth(float(largest))).exp()
}

/// Weighted least squares with weights 1/cost²; neither part can be negative.
fn fitted(class: Class, points: &[Point]) -> Fit {
    let largest = points.last().map_or(1, |point| point.n);
    let (mut ww, mut wf, mut wff, mut wy, mut wfy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for point in points {
        let (f, weight) = (growth(class, point.n, largest), point.cost.powi(-2));
        ww += weight;
        wf += weight * f;
        wff += weight * f * f;
        wy += weight * point.cost;
        wfy += weight * f * point.cost;
    }
    let only_fixed = (wy / ww, 0.0);
    let only_growth = (0.0, wfy / wff);
    let (fixed, scale) = if class == Class::Constant {
        only_fixed
    } else {
        let determinant = ww * wff - wf * wf;
        let (fixed, scale) = ((wff * wy - wf * wfy) / determinant, (ww * wfy - wf * wy) / determinant);
        if !(fixed.is_finite() && scale.is_finite()) || scale < 0.0 {
            only_fixed
        } else if fixed < 0.0 {
            only_growth
        } else {
            (fixed, scale)
        }
    };
    let squares: f64 = points
        .iter()
        .map(|point| ((fixed + scale * growth(class, point.n, largest)) / point.cost - 1.0).powi(2))
        .sum();
    let count = float(points.len() as u64);
    let error = (squares / count).sqrt();
    let parameters = class.parameters() + 1.0;
    let correction = 2.0 * parameters * (parameters + 1.0) / (count - parameters - 1.0).max(0.5);
    Fit {
        class,
        fixed,
        scale,
        error,
        aic: 2.0 * count * error.max(ERROR_FLOOR).ln() + 2.0 * parameters + correction,
    }
}

/// Golden-section search over the logarithm of the base; the error has one valley there.
fn best_base(points: &[Point]) -> f64 {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let error = |log: f64| fitted(Class::Exponential { base: log.exp() }, points).error;
    let (mut low, mut high) = (BASES.0.ln(), BASES.1.ln());
    for _ in 0..60 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if error(left) <= error(right) {
            high = right;
        } else {
            low = left;
        }
    }
    f64::midpoint(low, high).exp()
}

/// Fits without the largest size and predicts it.
fn held_out(points: &[Point]) -> f64 {
    let Some((last, rest)) = points.split_last() else {
        return f64::INFINITY;
    };
    let [best, _] = ranked(rest);
    let largest = rest.last().map_or(1, |point| point.n);
    (best.predict(last.n, largest) / last.cost - 1.0).abs()
}

fn tail_slope(points: &[Point]) -> f64 {
    let tail = upper_half(points);
    let count = float(tail.len() as u64);
    let logs: Vec<(f64, f64)> = tail.iter().map(|point| (float(point.n.max(1)).ln(), point.cost.ln())).collect();
    let mean = |pick: fn(&(f64, f64)) -> f64| logs.iter().map(pick).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|log| log.0), mean(|log| log.1));
    let (covariance, variance) = logs.iter().fold((0.0, 0.0), |(covariance, variance), (x, y)| {
        (covariance + (x - mean_x) * (y - mean_y), variance + (x - mean_x).powi(2))
    });
    if variance == 0.0 { 0.0 } else { covariance / variance }
}

#[expect(clippy::cast_precision_loss, reason = "sizes and counts are far below 2^52")]
fn float(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
