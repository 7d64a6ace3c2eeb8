use crate::fit::{FitError, Point, Verdict, fit};
use crate::sizes::Sizes;
use selvedge_engine::{CancelToken, CellEnd, CellRequest, Checkpoint, Engine, EventKind, Kernel, Limits, RestoreError};
use selvedge_protocol::{RunFailure, Status};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Clone, Debug)]
pub struct Program {
    /// Shown in tracebacks.
    pub label: String,
    /// Makes the input from `n`. What it costs is no part of the sample, but of what the measurement may spend.
    pub setup: String,
    /// What is measured; sees `n` and what `setup` made.
    pub body: String,
    /// First size.
    pub least: u64,
    /// Largest size that is tried.
    pub most: u64,
}

/// What one size cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Size of the input.
    pub n: u64,
    /// Fuel of the body.
    pub fuel: u64,
    /// Bytes of memory, in whole pages, that the body wrote for the first time.
    pub bytes: u64,
}

/// What was measured, and what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// By size, ascending.
    pub samples: Vec<Sample>,
    /// How fuel grows.
    pub time: Verdict,
    /// How memory grows; none when too few sizes touch enough to say.
    pub memory: Option<Verdict>,
    /// Fuel spent on everything: setups, sizes that were too large.
    pub fuel: u64,
}

/// Why there is no measurement.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The program itself failed at a size.
    #[error("with n = {n}, {kind}: {message}", kind = failure.kind, message = failure.message)]
    Program {
        /// The size.
        n: u64,
        /// How.
        failure: RunFailure,
    },
    /// It failed and nobody said why.
    #[error("with n = {0}, the program failed for an unknown reason")]
    Unknown(u64),
    /// Somebody asked for it to stop.
    #[error("the measurement was cancelled")]
    Cancelled,
    /// Not enough points.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// No kernel to measure in.
    #[error(transparent)]
    Restore(#[from] RestoreError),
}

/// What makes `n`, by language. Collections at moments that depend on what was there before would blur the counts.
fn prelude(language: &str, n: u64) -> String {
    match language {
        "javascript" => format!("globalThis.n = {n}"),
        _ => format!("import gc\ngc.collect()\ngc.disable()\ndel gc\nn = {n}"),
    }
}

/// Of all sizes: the same program measured again gives the same counts.
const SEED: [u8; 32] = [0x5E; 32];
/// Sizes that touch less say little: what fits into memory that was free already costs nothing.
const MEMORY_MIN: u64 = 512 << 10;

/// Measures `program` from `start` (a fresh kernel when there is none), each size in a kernel of its own that is dropped afterwards.
/// `limits.fuel` and `limits.wall_ms` bound the whole measurement, the others each size. `seen` is told every sample as it
/// comes, and `spent` grows by the fuel of everything, whether or not there is a measurement in the end.
///
/// # Errors
/// See [`MeasureError`].
pub async fn measure(
    engine: &Engine,
    start: Option<&Checkpoint>,
    program: &Program,
    limits: &Limits,
    cancel: &CancelToken,
    spent: &mut u64,
    seen: &mut (dyn FnMut(&Sample) + Send),
) -> Result<Measurement, MeasureError> {
    let end = Instant::now() + Duration::from_millis(limits.wall_ms);
    let mut sizes = Sizes::new(program.least, program.most, limits.fuel);
    let mut samples: Vec<Sample> = Vec::new();
    while let Some(n) = sizes.next() {
        if Instant::now() >= end {
            break;
        }
        let mut kernel = kernel(engine, start).await?;
        let mut one = One {
            program,
            n,
            limits,
            end,
            allowance: sizes.allowance(),
            used: 0,
            cancel,
        };
        let sample = one.run(&mut kernel).await;
        *spent = spent.saturating_add(one.used);
        match sample? {
            Some(sample) => {
                sizes.cost(n, one.used);
                seen(&sample);
                samples.push(sample);
            }
            None => sizes.stopped(n, one.used),
        }
    }
    samples.sort_by_key(|sample| sample.n);
    let series = |cost: fn(&Sample) -> u64, least: u64| -> Vec<Point> {
        let counts = samples.iter().filter(|sample| cost(sample) >= least);
        let point = |sample: &Sample| Point {
            n: sample.n,
            cost: float(cost(sample)),
        };
        counts.map(point).collect()
    };
    let time = fit(&series(|sample| sample.fuel, 0))?;
    let memory = fit(&series(|sample| sample.bytes, MEMORY_MIN)).ok();
    Ok(Measurement {
        time,
        memory,
        samples,
        fuel: *spent,
    })
}

async fn kernel(engine: &Engine, start: Option<&Checkpoint>) -> Result<Kernel, RestoreError> {
    match start {
        Some(checkpoint) => engine.restore(checkpoint, SEED).await,
        None => Ok(engine.start(SEED).await?),
    }
}

/// One size.
struct One<'a> {
    program: &'a Program,
    n: u64,
    limits: &'a Limits,
    /// Of the whole measurement.
    end: Instant,
    /// Fuel that this size may use, with everything that prepares it.
    allowance: u64,
    /// Of that.
    used: u64,
    cancel: &'a CancelToken,
}

impl One<'_> {
    /// The sample; none when it was too much.
    async fn run(&mut self, kernel: &mut Kernel) -> Result<Option<Sample>, MeasureError> {
        let program = self.program;
        let prelude = prelude(&kernel.image().manifest().name, self.n);
        for code in [&prelude, &program.setup] {
            if self.cell(kernel, code).await?.is_none() {
                return Ok(None);
            }
        }
        let before = touched(kernel);
        let Some(fuel) = self.cell(kernel, &program.body).await? else {
            return Ok(None);
        };
        let bytes = touched(kernel).saturating_sub(before);
        Ok(Some(Sample { n: self.n, fuel, bytes }))
    }

    /// The fuel that it took; none when that was more than is left.
    async fn cell(&mut self, kernel: &mut Kernel, code: &str) -> Result<Option<u64>, MeasureError> {
        let left = self.end.saturating_duration_since(Instant::now());
        let limits = Limits {
            fuel: self.allowance.saturating_sub(self.used),
            wall_ms: u64::try_from(left.as_millis()).unwrap_or(u64::MAX),
            ..*self.limits
        };
        if limits.fuel == 0 || limits.wall_ms == 0 {
            return Ok(None);
        }
        let request = CellRequest {
            label: self.program.label.clone(),
            code: code.to_owned(),
            ..CellRequest::default()
        };
        let mut nowhere = |_: EventKind, _: serde_json::Value| {};
        let CellEnd { status, fuel, error, .. } = kernel.run(&request, &limits, &mut nowhere, self.cancel).await;
        self.used = self.used.saturating_add(fuel);
        match (status, error) {
            (Status::Succeeded, _) => Ok(Some(fuel)),
            (Status::Cancelled, _) => Err(MeasureError::Cancelled),
            (Status::TimedOut, _) => Ok(None),
            (_, Some(failure)) if TOO_MUCH.contains(&failure.kind.as_str()) => Ok(None),
            (_, Some(failure)) => Err(MeasureError::Program { n: self.n, failure }),
            (_, None) => Err(MeasureError::Unknown(self.n)),
        }
    }
}

/// Ends that mean that the size was too large, not that the program is wrong.
const TOO_MUCH: [&str; 3] = ["FuelLimit", "MemoryLimit", "MemoryError"];

fn touched(kernel: &mut Kernel) -> u64 {
    kernel.checkpoint().map_or(0, |checkpoint| checkpoint.changed_bytes())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn float(value: u64) -> f64 {
    value as f64
}
