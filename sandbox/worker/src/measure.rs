//! How the cost of a cell grows: sizes are measured in forks, what is known so far is shown while it goes on.

use selvedge_complexity::{MeasureError, Program, Sample, bundle, measure, progress};
use selvedge_engine::{CancelToken, Engine, Kernel, Sink};
use selvedge_protocol::{EventKind, Measure, OrderLimits, Outcome, RunFailure, Status};
use serde_json::{Value, json};
use std::time::Instant;

/// The display that is replaced with every size.
const DISPLAY_ID: &str = "complexity";

/// What is measured, and where.
pub(crate) struct Measured<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) kernel: &'a mut Kernel,
    pub(crate) label: String,
    pub(crate) body: String,
    pub(crate) how: Measure,
    pub(crate) limits: &'a OrderLimits,
}

/// Measures to the end and says the result as the value of the run. The kernel stays as it is.
pub(crate) async fn run(what: Measured<'_>, sink: &mut (dyn Sink + Send), cancel: &CancelToken) -> Outcome {
    let began = Instant::now();
    let Measured {
        engine,
        kernel,
        label,
        body,
        how: Measure { setup, least, most },
        limits,
    } = what;
    let program = Program {
        label,
        setup,
        body,
        least,
        most,
    };
    let mut spent = 0;
    let result = match kernel.checkpoint() {
        Ok(start) => {
            let mut samples = Vec::new();
            let mut seen = |sample: &Sample| {
                samples.push(*sample);
                sink.event(EventKind::Display, shown(progress(&samples), samples.len() > 1));
            };
            measure(engine, Some(&start), &program, limits, cancel, &mut spent, &mut seen)
                .await
                .map_err(|error| (status(&error), failure(&error)))
        }
        Err(error) => Err((
            Status::Failed,
            RunFailure {
                kind: "Crash".to_owned(),
                message: error.to_string(),
                traceback: String::new(),
            },
        )),
    };
    let (status, error) = match result {
        Ok(measurement) => {
            sink.event(EventKind::Value, json!({ "data": bundle(&measurement), "metadata": {} }));
            (Status::Succeeded, None)
        }
        Err((status, failure)) => (status, Some(failure).filter(|_| status != Status::Cancelled)),
    };
    if let Some(error) = &error {
        sink.event(EventKind::Error, json!(error));
    }
    Outcome {
        status,
        fuel: spent,
        duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        error,
        truncated: false,
        receipt: None,
    }
}

fn shown(data: Value, update: bool) -> Value {
    let mut event = json!({ "data": data, "metadata": {}, "display_id": DISPLAY_ID });
    if update && let Some(fields) = event.as_object_mut() {
        fields.insert("update".to_owned(), json!(true));
    }
    event
}

fn status(error: &MeasureError) -> Status {
    match error {
        MeasureError::Cancelled => Status::Cancelled,
        _ => Status::Failed,
    }
}

fn failure(error: &MeasureError) -> RunFailure {
    let (kind, traceback) = match error {
        MeasureError::Program { failure, .. } => (failure.kind.clone(), failure.traceback.clone()),
        MeasureError::Fit(_) => ("TooFewSizes".to_owned(), String::new()),
        _ => ("Crash".to_owned(), String::new()),
    };
    RunFailure {
        kind,
        message: error.to_string(),
        traceback,
    }
}
