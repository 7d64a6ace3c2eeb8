//! From values to places, in hundredths of an axis.

use super::spec::Datum;

/// Labels of names that an axis has room for.
const NAMES_LABELLED: usize = 12;
/// An axis that reaches this far groups the digits of all its labels.
const GROUPED_FROM: f64 = 10_000.0;

/// Where values of one axis lie, from 0 at its beginning to 100 at its end.
#[derive(Clone, Debug)]
pub(super) enum Scale {
    /// Numbers.
    Linear { low: f64, high: f64, step: f64 },
    /// Names, each with a band of the same width.
    Band { names: Vec<String> },
}

impl Scale {
    /// A line over the values that begins and ends at round numbers, with about `ticks` steps.
    pub(super) fn linear(values: impl Iterator<Item = f64>, from_zero: bool, ticks: f64) -> Self {
        let (low, high) = bounds(values, from_zero);
        let step = round_step((high - low) / ticks);
        Self::Linear {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
        }
    }

    /// A line from the first value to the last.
    pub(super) fn tight(values: impl Iterator<Item = f64>, ticks: f64) -> Self {
        let (low, high) = bounds(values, false);
        Self::Linear {
            low,
            high,
            step: round_step((high - low) / ticks),
        }
    }

    /// Where a value lies.
    pub(super) fn at(&self, value: &Datum) -> f64 {
        match value {
            Datum::Number(number) => self.number(*number),
            Datum::Name(name) => self.name(name),
        }
    }

    /// Where a number lies.
    pub(super) fn number(&self, value: f64) -> f64 {
        match self {
            Self::Linear { low, high, .. } => (value - low) / (high - low) * 100.0,
            Self::Band { .. } => 0.0,
        }
    }

    /// The middle of a name's band.
    fn name(&self, name: &str) -> f64 {
        match self {
            Self::Linear { .. } => 0.0,
            Self::Band { names } => self.band() * (as_f64(names.iter().position(|known| known == name).unwrap_or(0)) + 0.5),
        }
    }

    /// Width of one band; none on a line.
    pub(super) fn band(&self) -> f64 {
        match self {
            Self::Linear { .. } => 0.0,
            Self::Band { names } => 100.0 / as_f64(names.len().max(1)),
        }
    }

    /// Labelled places: round numbers, or as many names as there is room for.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        match self {
            Self::Linear { low, high, step } => {
                let group_from = if low.abs().max(high.abs()) >= GROUPED_FROM {
                    1_000
                } else {
                    u64::MAX
                };
                let mut ticks = Vec::new();
                let mut value = (low / step - 1e-9).ceil() * step;
                while value <= high + step * 1e-9 && ticks.len() < 64 {
                    // Adding steps leaves dust around zero.
                    let clean = (value / step).round() * step;
                    ticks.push((self.number(clean), label(clean, group_from)));
                    value += step;
                }
                ticks
            }
            Self::Band { names } => names
                .iter()
                .step_by(names.len().div_ceil(NAMES_LABELLED).max(1))
                .map(|name| (self.name(name), name.clone()))
                .collect(),
        }
    }
}

/// The least and the greatest value, apart from each other.
fn bounds(values: impl Iterator<Item = f64>, from_zero: bool) -> (f64, f64) {
    let (mut low, mut high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if from_zero {
        (low, high) = (low.min(0.0), high.max(0.0));
    }
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    if high - low > f64::EPSILON * low.abs().max(high.abs()) {
        return (low, high);
    }
    let room = low.abs().max(1.0) * 0.5;
    (low - room, high + room)
}

fn as_f64(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The next of 1, 2, 5 × 10ⁿ.
fn round_step(rough: f64) -> f64 {
    let magnitude = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * magnitude >= rough * 0.999_999)
        .unwrap_or(10.0);
    factor * magnitude
}

/// A number without noise: `0.3`, `2020`, `12 500`, `1.2M`. Four digits stay together, as in years.
pub(super) fn number(value: f64) -> String {
    label(value, 10_000)
}

/// The same, with its digits grouped from `group_from` on: all labels of one axis look alike.
fn label(value: f64, group_from: u64) -> String {
    let size = value.abs();
    let (scaled, unit) = match size {
        _ if size >= 1e15 => return format!("{value:e}"),
        _ if size >= 1e9 => (value / 1e9, "G"),
        _ if size >= 1e6 => (value / 1e6, "M"),
        _ => (value, ""),
    };
    let mut text = format!("{scaled:.6}");
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    if text == "0" && size > 0.0 || text == "-0" {
        return if size > 0.0 { format!("{value:e}") } else { "0".to_owned() };
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let whole = whole
        .parse()
        .ok()
        .filter(|whole| *whole >= group_from)
        .map_or_else(|| whole.to_owned(), crate::measure::grouped);
    format!("{sign}{whole}{rest}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        let scale = Scale::linear([3.0, 97.0].into_iter(), true, 5.0);
        assert_eq!(labels(&scale), ["0", "20", "40", "60", "80", "100"]);
        assert!((scale.number(50.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn a_tight_line_ends_with_its_values_and_keeps_round_ticks() {
        let scale = Scale::tight([3.0, 111.0].into_iter(), 6.0);
        assert_eq!(labels(&scale), ["20", "40", "60", "80", "100"]);
        assert!((scale.number(111.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn labels_of_one_axis_are_grouped_alike() {
        assert_eq!(labels(&Scale::linear([0.0, 20_000.0].into_iter(), true, 5.0))[1], "5\u{202f}000");
        assert_eq!(labels(&Scale::tight([2000.0, 2020.0].into_iter(), 2.0)), ["2000", "2010", "2020"]);
    }

    #[test]
    fn small_and_negative_numbers_have_clean_labels() {
        let scale = Scale::linear([-0.2, 0.3].into_iter(), true, 5.0);
        assert_eq!(labels(&scale), ["−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]);
    }

    #[test]
    fn equal_values_still_make_an_axis() {
        for value in [0.0, 7.0, -7.0, 1e12, -1e300] {
            for scale in [
                Scale::linear([value, value].into_iter(), false, 5.0),
                Scale::tight([value].into_iter(), 5.0),
            ] {
                assert!(scale.number(value).is_finite(), "{value}");
                assert!(scale.ticks().len() >= 2, "{value}");
            }
        }
    }

    #[test]
    fn names_are_thinned_to_fit() {
        let names = (0..40).map(|n| n.to_string()).collect();
        assert_eq!(Scale::Band { names }.ticks().len(), 10);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [
                number(2_020.0),
                number(12_500.0),
                number(0.1 + 0.2),
                number(1_200_000.0),
                number(1e-9),
                number(-0.0)
            ],
            ["2020", "12\u{202f}500", "0.3", "1.2M", "1e-9", "0"]
        );
    }
}
