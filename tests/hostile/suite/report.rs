//! What the corpus measured: printed, and kept as `tests/artifacts/hostile.json`.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Result;
use selvedge_harness::place;
use serde_json::{Value, json};

/// Of one case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// From the wall-time limit, or from being cancelled, to the reported end.
    pub(crate) past_the_limit: Option<Duration>,
    pub(crate) took: Duration,
    /// From the case's end to the end of the next tenant's run.
    pub(crate) recovery: Duration,
    /// The neighbour's cells beside it.
    pub(crate) waits: Vec<Duration>,
}

/// Of all cases that ran.
#[derive(Debug, Default)]
pub(crate) struct Report {
    cases: Vec<(String, Option<Figures>)>,
    notes: Vec<(String, Value)>,
}

impl Report {
    /// A case ended as it had to, with these figures; or not.
    pub(crate) fn add(&mut self, name: &str, figures: Option<Figures>) {
        self.cases.push((name.to_owned(), figures));
    }

    /// A figure that belongs to one case alone.
    pub(crate) fn note(&mut self, name: &str, figure: Value) {
        self.notes.push((name.to_owned(), figure));
    }

    /// Print the table and write the file.
    pub(crate) fn publish(&mut self, took: Duration) -> Result<()> {
        self.cases.sort_by(|a, b| a.0.cmp(&b.0));
        let figures = || self.cases.iter().filter_map(|(_, figures)| figures.as_ref());
        let past = spread(figures().filter_map(|figures| figures.past_the_limit));
        let recovery = spread(figures().map(|figures| figures.recovery));
        let waits = spread(figures().flat_map(|figures| figures.waits.iter().copied()));
        let (all, expected) = (self.cases.len(), figures().count());
        let slow = figures().filter(|figures| figures.recovery > Duration::from_secs(1)).count();
        let mut out = std::io::stdout().lock();
        writeln!(out, "cases                              {all}")?;
        writeln!(
            out,
            "ended as expected                  {expected} ({:.1} %)",
            percent(expected, all)
        )?;
        writeln!(out, "stopped after limit or cancelling  {past}")?;
        writeln!(out, "next tenant served after           {recovery}; {slow} after more than 1 s")?;
        writeln!(out, "the neighbour's cells meanwhile    {waits}")?;
        for (name, figure) in &self.notes {
            writeln!(out, "{name:<34} {figure}")?;
        }
        writeln!(out, "time                               {:.1} s", took.as_secs_f64())?;
        let cases = self.cases.iter().map(|(name, figures)| {
            json!({
                "case": name,
                "expected": figures.is_some(),
                "ms": figures.as_ref().map(|figures| ms(figures.took)),
                "past_the_limit_ms": figures.as_ref().and_then(|figures| figures.past_the_limit).map(ms),
                "recovery_ms": figures.as_ref().map(|figures| ms(figures.recovery)),
            })
        });
        let file = json!({
            "cases": all,
            "expected": expected,
            "past_the_limit_ms": past.json(),
            "recovery_ms": recovery.json(),
            "neighbour_ms": waits.json(),
            "notes": self.notes.iter().cloned().collect::<serde_json::Map<_, _>>(),
            "each": cases.collect::<Vec<_>>(),
        });
        let folder = place::root().join("tests/artifacts");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("hostile.json"), serde_json::to_string_pretty(&file)?)?;
        Ok(())
    }
}

/// The middle, the 99th of a hundred, and the worst.
#[derive(Debug)]
pub(crate) struct Spread {
    count: usize,
    p50: Duration,
    p99: Duration,
    max: Duration,
}

/// Of these times.
pub(crate) fn spread(times: impl Iterator<Item = Duration>) -> Spread {
    let mut times: Vec<_> = times.collect();
    times.sort();
    let at = |share: usize| {
        times
            .get((times.len().saturating_sub(1)) * share / 100)
            .copied()
            .unwrap_or_default()
    };
    Spread {
        count: times.len(),
        p50: at(50),
        p99: at(99),
        max: at(100),
    }
}

impl Spread {
    pub(crate) fn json(&self) -> Value {
        json!({ "count": self.count, "p50": ms(self.p50), "p99": ms(self.p99), "max": ms(self.max) })
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { count, p50, p99, max } = self;
        write!(
            formatter,
            "p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms ({count})",
            ms(*p50),
            ms(*p99),
            ms(*max)
        )
    }
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn percent(part: usize, all: usize) -> f64 {
    let exact = |count| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    100.0 * exact(part) / exact(all.max(1))
}
