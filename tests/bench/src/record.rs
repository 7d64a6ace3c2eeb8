//! Where figures go: a line for people, a JSON line for scripts.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::stats::Samples;

#[derive(Serialize)]
struct Line<'a> {
    suite: &'a str,
    contestant: &'a str,
    metric: &'a str,
    value: f64,
    unit: &'a str,
    n: usize,
}

/// Prints and keeps figures.
pub(crate) struct Recorder {
    suite: String,
    file: Option<File>,
}

impl Recorder {
    /// Appends to the file when there is one.
    pub(crate) fn new(json: Option<&Path>) -> Result<Self> {
        let file = json
            .map(|path| {
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path)
                    .with_context(|| format!("cannot open {}", path.display()))
            })
            .transpose()?;
        Ok(Self {
            suite: String::new(),
            file,
        })
    }

    /// Begin a suite.
    pub(crate) fn suite(&mut self, name: &str) {
        name.clone_into(&mut self.suite);
        println!("\n{name}");
    }

    /// One figure.
    pub(crate) fn figure(&mut self, contestant: &str, metric: &str, value: f64, unit: &str, n: usize, bar: &str) -> Result<()> {
        let bar = if bar.is_empty() { String::new() } else { format!("   (bar {bar})") };
        println!("  {contestant:<40} {metric:<30} {value:>12.3} {unit:<6} n={n}{bar}");
        if let Some(file) = &mut self.file {
            let line = serde_json::to_string(&Line {
                suite: &self.suite,
                contestant,
                metric,
                value,
                unit,
                n,
            })?;
            writeln!(file, "{line}")?;
        }
        Ok(())
    }

    /// Median and p99 of times in milliseconds; the file gets every one of them as well.
    pub(crate) fn times(&mut self, contestant: &str, what: &str, samples: &Samples, bar: &str) -> Result<()> {
        if let Some(file) = &mut self.file {
            let raw = serde_json::json!({
                "suite": self.suite, "contestant": contestant, "metric": what, "unit": "ms", "samples": samples.values(),
            });
            writeln!(file, "{raw}")?;
        }
        self.figure(contestant, &format!("{what} p50"), samples.quantile(0.5), "ms", samples.len(), bar)?;
        self.figure(contestant, &format!("{what} p99"), samples.quantile(0.99), "ms", samples.len(), "")
    }

    /// How much slower `other` is, with its interval.
    pub(crate) fn ratio(&mut self, ours: &Samples, other: &Samples, name: &str) -> Result<()> {
        let (low, high) = other.ratio_interval(ours);
        let middle = other.quantile(0.5) / ours.quantile(0.5);
        println!("  {name} takes {middle:.1}x as long (95 % interval {low:.1} to {high:.1})");
        self.figure(name, "ratio of medians", middle, "x", other.len(), "")
    }
}
