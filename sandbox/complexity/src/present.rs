use crate::fit::{Confidence, Verdict};
use crate::measure::{Measurement, Sample};
use serde_json::{Value, json};

/// MIME type of a [`Measurement`] as JSON.
pub const MIME: &str = "application/vnd.selvedge.complexity+json";
const CHART_MIME: &str = "application/vnd.vegalite.v6+json";
const CHART_SCHEMA: &str = "https://vega.github.io/schema/vega-lite/v6.json";

/// A measurement as a MIME bundle: the numbers, a chart of the points with the curve that was fitted, and a few sentences.
#[must_use]
pub fn bundle(measurement: &Measurement) -> Value {
    json!({
        MIME: measurement,
        CHART_MIME: chart(measurement),
        "text/plain": summary(measurement),
    })
}

/// What is known so far, while sizes are still being measured.
#[must_use]
pub fn progress(samples: &[Sample]) -> Value {
    let lines: Vec<String> = samples.iter().map(line).collect();
    json!({ MIME: { "samples": samples }, "text/plain": lines.join("\n") })
}

fn summary(measurement: &Measurement) -> String {
    let mut lines = vec![format!("Time: {}", said(&measurement.time))];
    lines.push(match &measurement.memory {
        Some(memory) => format!("Memory: {}", said(memory)),
        None => "Memory: no size touched enough new memory to say.".to_owned(),
    });
    lines.push(String::new());
    lines.extend(measurement.samples.iter().map(line));
    lines.join("\n")
}

fn line(sample: &Sample) -> String {
    format!(
        "n = {:>9}   {:>15} fuel   {:>11} bytes",
        grouped(sample.n),
        grouped(sample.fuel),
        grouped(sample.bytes)
    )
}

fn said(verdict: &Verdict) -> String {
    let (best, next) = (verdict.best.class.notation(), verdict.runner_up.class.notation());
    let error = format!("{:.1} %", verdict.held_out_error * 100.0);
    match verdict.confidence {
        Confidence::High => format!("{best}. It predicts the largest size, held out, within {error}; {next} fits far worse."),
        Confidence::Medium => format!("{best}, probably; {next} fits almost as well, or the largest size is off by {error}."),
        Confidence::Low => format!("between {best} and {next}: these sizes do not tell them apart. Allow more fuel for larger ones."),
    }
}

fn chart(measurement: &Measurement) -> Value {
    let largest = measurement.samples.last().map_or(1, |sample| sample.n);
    let rows: Vec<Value> = measurement
        .samples
        .iter()
        .map(|sample| json!({ "n": sample.n, "fuel": sample.fuel, "fitted": measurement.time.best.predict(sample.n, largest) }))
        .collect();
    let log = |field: &str, title: &str| json!({ "field": field, "type": "quantitative", "title": title, "scale": { "type": "log" } });
    json!({
        "$schema": CHART_SCHEMA,
        "title": format!("Fuel grows as {}", measurement.time.best.class.notation()),
        "width": "container",
        "data": { "values": rows },
        "encoding": { "x": log("n", "n") },
        "layer": [
            { "mark": { "type": "line", "opacity": 0.5 }, "encoding": { "y": log("fitted", "fuel") } },
            { "mark": { "type": "point", "filled": true, "tooltip": true }, "encoding": { "y": log("fuel", "fuel") } },
        ],
    })
}

/// 1,234,567
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::{Point, fit};

    #[test]
    fn a_measurement_says_its_class_in_words_and_shows_its_points() {
        let samples: Vec<Sample> = (4..16)
            .map(|step| Sample {
                n: 1 << step,
                fuel: 1_000 + 50 * (1 << (2 * step)),
                bytes: 0,
            })
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let points: Vec<Point> = samples
            .iter()
            .map(|sample| Point {
                n: sample.n,
                cost: sample.fuel as f64,
            })
            .collect();
        let measurement = Measurement {
            time: fit(&points).unwrap(),
            memory: None,
            samples,
            fuel: 0,
        };
        let bundle = bundle(&measurement);
        let text = bundle["text/plain"].as_str().unwrap();
        assert!(text.starts_with("Time: O(n²). It predicts the largest size"), "{text}");
        assert!(text.contains("n =        16            13,800 fuel"), "{text}");
        assert_eq!(bundle[CHART_MIME]["data"]["values"].as_array().unwrap().len(), 12);
        assert_eq!(bundle[MIME]["time"]["best"]["class"], "quadratic");
    }
}
