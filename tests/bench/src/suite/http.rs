//! A run of `print(1)` through everything: API, hold, order, node, guest, report, settlement, event stream.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use selvedge_harness::Native;

use crate::http::Connection;
use crate::record::Recorder;
use crate::stats::Samples;

const RUNS: usize = 300;
const WARM_UP: usize = 20;

/// From sending the request to holding the `ended` event.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let native = Native::start("bench-http")?;
    let mut api = Connection::open(native.url())?;
    let mut stream = Connection::open(native.url())?;
    let headers = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", native.key());
    let (mut accepted, mut ended) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + RUNS {
        let started = Instant::now();
        let answer = api.request("POST", "/api/v1/runs", &headers, r#"{"language":"python","code":"print(1)"}"#)?;
        let taken = started.elapsed();
        let body: serde_json::Value = serde_json::from_slice(&answer.body)?;
        if answer.status != 202 {
            bail!("a run was answered with {}: {body}", answer.status);
        }
        let id = body.get("id").and_then(serde_json::Value::as_str).context("no id in the answer")?;
        let events = stream.request("GET", &format!("/api/v1/runs/{id}/events"), &headers, "")?;
        let whole = started.elapsed();
        let text = String::from_utf8_lossy(&events.body);
        if !text.contains("succeeded") {
            bail!("the run did not succeed: {text}");
        }
        if round >= WARM_UP {
            accepted.push(taken);
            ended.push(whole);
        }
    }
    recorder.times("selvedge", "accepted", &Samples::milliseconds(&accepted), "< 100 ms")?;
    recorder.times("selvedge", "print(1) end to end", &Samples::milliseconds(&ended), "p50 <= 10 ms")
}
