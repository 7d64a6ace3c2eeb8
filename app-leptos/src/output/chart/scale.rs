//! From values to places.

/// Where values of one axis lie, between `from` and `to` in the drawing's units.
#[derive(Clone, Debug)]
pub(super) enum Scale {
    /// Numbers.
    Linear { low: f64, high: f64, step: f64, from: f64, to: f64 },
    /// Names, each with a band of the same width.
    Band { names: Vec<String>, from: f64, to: f64 },
}

impl Scale {
    /// A line over the values that begins and ends at round numbers, with about `ticks` steps.
    pub(super) fn linear(values: impl Iterator<Item = f64>, from_zero: bool, ticks: f64, from: f64, to: f64) -> Self {
        let (mut low, mut high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if from_zero {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if !low.is_finite() || !high.is_finite() {
            (low, high) = (0.0, 1.0);
        }
        if high - low < f64::EPSILON * low.abs().max(1.0) {
            (low, high) = if from_zero { (low.min(0.0), high.max(1.0)) } else { (low - 1.0, high + 1.0) };
        }
        let step = round_step((high - low) / ticks.max(1.0));
        Self::Linear { low: (low / step).floor() * step, high: (high / step).ceil() * step, step, from, to }
    }

    /// Where a number lies.
    pub(super) fn number(&self, value: f64) -> f64 {
        match self {
            Self::Linear { low, high, from, to, .. } => from + (value - low) / (high - low) * (to - from),
            Self::Band { from, .. } => *from,
        }
    }

    /// The middle of a name's band.
    pub(super) fn name(&self, name: &str) -> f64 {
        match self {
            Self::Linear { from, .. } => *from,
            Self::Band { names, from, .. } => {
                let at = names.iter().position(|known| known == name).unwrap_or(0);
                from + self.band() * (as_f64(at) + 0.5)
            }
        }
    }

    /// Width of one band, with its sign.
    pub(super) fn band(&self) -> f64 {
        match self {
            Self::Linear { .. } => 0.0,
            Self::Band { names, from, to } => (to - from) / as_f64(names.len().max(1)),
        }
    }

    /// Labelled places. `room` is how many units one label needs: names are thinned out to fit.
    pub(super) fn ticks(&self, room: f64) -> Vec<(f64, String)> {
        match self {
            Self::Linear { low, high, step, .. } => {
                let mut ticks = Vec::new();
                let mut value = *low;
                while value <= high + step / 2.0 && ticks.len() < 64 {
                    // Adding steps leaves dust around zero.
                    let clean = (value / step).round() * step;
                    ticks.push((self.number(clean), number(clean)));
                    value += step;
                }
                ticks
            }
            Self::Band { names, .. } => {
                let every = names.len().max(1).min(ceiling(room / self.band().abs().max(0.001)).max(1));
                names.iter().step_by(every).map(|name| (self.name(name), shortened(name))).collect()
            }
        }
    }
}

fn as_f64(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number, saturating")]
fn ceiling(value: f64) -> usize {
    value.ceil() as usize
}

/// The next of 1, 2, 5 × 10ⁿ.
fn round_step(rough: f64) -> f64 {
    let magnitude = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * magnitude >= rough * 0.999_999).unwrap_or(10.0);
    factor * magnitude
}

fn shortened(name: &str) -> String {
    if name.chars().count() > 14 { name.chars().take(13).chain(['…']).collect() } else { name.to_owned() }
}

/// A number without noise: `0.3`, `12 500`, `1.2M`.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    let (scaled, unit) = match size {
        _ if size >= 1e9 => (value / 1e9, "G"),
        _ if size >= 1e6 => (value / 1e6, "M"),
        _ => (value, ""),
    };
    let mut text = format!("{scaled:.6}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "0" && size > 0.0 {
        return format!("{value:e}");
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), crate::measure::grouped);
    format!("{sign}{whole}{rest}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks(0.0).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        let scale = Scale::linear([3.0, 97.0].into_iter(), true, 5.0, 0.0, 100.0);
        assert_eq!(labels(&scale), ["0", "20", "40", "60", "80", "100"]);
        assert!((scale.number(50.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn small_and_negative_numbers_have_clean_labels() {
        let scale = Scale::linear([-0.2, 0.3].into_iter(), true, 5.0, 0.0, 1.0);
        assert_eq!(labels(&scale), ["−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]);
    }

    #[test]
    fn equal_values_still_make_an_axis() {
        for value in [0.0, 7.0, -7.0, 1e12] {
            let scale = Scale::linear([value, value].into_iter(), false, 5.0, 0.0, 100.0);
            assert!(scale.number(value).is_finite(), "{value}");
            assert!(scale.ticks(0.0).len() >= 2, "{value}");
        }
    }

    #[test]
    fn names_are_thinned_to_fit() {
        let names = (0..40).map(|n| n.to_string()).collect();
        let scale = Scale::Band { names, from: 0.0, to: 400.0 };
        assert_eq!(scale.ticks(40.0).len(), 10);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!([number(12_500.0), number(0.1 + 0.2), number(1_200_000.0), number(1e-9)], ["12\u{202f}500", "0.3", "1.2M", "1e-9"]);
    }
}
