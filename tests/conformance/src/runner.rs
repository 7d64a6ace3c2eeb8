//! Does a scenario against one host.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use selvedge_harness::{Answer, Call, Client, ServerEvent, sse};
use serde_json::{Value, json};

use crate::scenario::{Expect, Scenario, Step};
use crate::template::Variables;
use crate::{caller, content_security, matcher, path, standing};

/// How often a step with `until` asks.
const ATTEMPTS: u32 = 240;
/// Longest wait between two of them.
const WAIT_MAX: Duration = Duration::from_millis(500);

/// A host under test.
#[derive(Clone, Debug)]
pub struct Host {
    /// Speaks to it.
    pub client: Client,
    /// The installation's owner key, where there is one.
    pub admin_key: Option<String>,
}

/// Do all steps. The error says which step, what was asked, what was answered.
pub fn run(scenario: &Scenario, host: &Host) -> Result<()> {
    let mut variables = Variables::default();
    variables.set("base", host.client.base());
    for (number, step) in (1..).zip(&scenario.steps) {
        let mut doing = Doing {
            host,
            variables: &mut variables,
            step,
        };
        doing
            .step()
            .with_context(|| format!("“{}”, step {number} ({})", scenario.title, title(step)))?;
    }
    Ok(())
}

fn title(step: &Step) -> String {
    let code = |code: &str| code.lines().next().unwrap_or_default().to_owned();
    match (&step.request, &step.run, &step.cell) {
        (Some(request), ..) => request.clone(),
        (_, Some(run), _) => format!("run {}", code(run.get("code").and_then(Value::as_str).unwrap_or("…"))),
        (.., Some(cell)) => format!("cell {}", code(cell)),
        _ => "nothing to do".to_owned(),
    }
}

struct Doing<'a> {
    host: &'a Host,
    variables: &'a mut Variables,
    step: &'a Step,
}

impl Doing<'_> {
    fn step(&mut self) -> Result<()> {
        // Makes the visitor, whose project and notebook the step may name.
        let host = self.host;
        caller::authenticate(
            Call::default(),
            self.step.caller,
            &host.client,
            self.variables,
            host.admin_key.as_deref(),
        )?;
        let (answer, document) = match (&self.step.request, &self.step.run, &self.step.cell) {
            (Some(request), None, None) => self.request(request)?,
            (None, Some(run), None) => {
                let mut body = Value::Object(run.clone());
                if let Some(map) = body.as_object_mut() {
                    map.entry("language").or_insert_with(|| "python".into());
                }
                let body = self.variables.value(&body)?;
                self.place("/api/v1/runs", Some(&body))?
            }
            (None, None, Some(code)) => self.cell(code)?,
            _ => bail!("a step is one of `request`, `run` and `cell`"),
        };
        self.expectations(&answer, &document).with_context(|| shown(&answer))?;
        self.save(&answer, &document).with_context(|| shown(&answer))
    }

    fn request(&mut self, request: &str) -> Result<(Answer, Value)> {
        let (method, target) = request.split_once(' ').context("a request is `METHOD /path`")?;
        let mut call = Call::new(method, &self.variables.text(target)?);
        for (name, value) in &self.step.headers {
            call = call.header(name, &self.variables.text(value)?);
        }
        if let Some(value) = &self.step.json {
            let value = self.variables.value(value)?;
            // A scenario that gives a content type of its own wants that one.
            let headers = call.headers.clone();
            call = call.json(&value);
            if self.step.headers.contains_key("content-type") {
                call.headers = headers;
            }
        }
        if let Some(value) = &self.step.body {
            call.body = self
                .variables
                .value(value)?
                .as_str()
                .context("`body` is a text")?
                .as_bytes()
                .to_vec();
        }
        if let Some(digits) = &self.step.hex {
            call.body = hex::decode(self.variables.text(digits)?.split_whitespace().collect::<String>())?;
        }
        let Some(until) = self.step.until.clone() else {
            return self.send(call);
        };
        self.poll(&call, &until)
    }

    /// Ask until the places meet their expectations.
    fn poll(&mut self, call: &Call, until: &BTreeMap<String, Value>) -> Result<(Answer, Value)> {
        let mut wait = Duration::from_millis(20);
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let (answer, document) = self.send(call.clone())?;
            match self.places(until, &document) {
                Ok(()) => return Ok((answer, document)),
                Err(error) => last = Some(error.context(shown(&answer))),
            }
            std::thread::sleep(wait);
            wait = (wait * 3 / 2).min(WAIT_MAX);
        }
        Err(last
            .context("never asked")?
            .context(format!("still so after asking {ATTEMPTS} times")))
    }

    /// Place a run and wait for its end.
    fn place(&mut self, target: &str, body: Option<&Value>) -> Result<(Answer, Value)> {
        let mut call = Call::new("POST", target);
        for (name, value) in &self.step.headers {
            call = call.header(name, &self.variables.text(value)?);
        }
        if let Some(body) = body {
            call = call.json(body);
        }
        let (answer, document) = self.send(call)?;
        ensure!(answer.status == 202, "the run was not accepted. {}", shown(&answer));
        let id = path::find(&document, "$.id").context("no id in the answer")?;
        self.variables.set("run", id.clone());
        let call = Call::new("GET", &self.variables.text("/api/v1/runs/${run}")?);
        let ended = BTreeMap::from([("$.status".to_owned(), json!({"none_of": ["queued", "running"]}))]);
        self.poll(&call, &ended)
    }

    /// Append a cell, run it and wait for its end.
    fn cell(&mut self, code: &str) -> Result<(Answer, Value)> {
        let known = self.step.notebook.as_deref().unwrap_or("${scratch.notebook}");
        let notebook = self.variables.text(known)?;
        let (answer, document) = self.send(Call::new("GET", &format!("/api/v1/notebooks/{notebook}")))?;
        let last = path::find(&document, "$.cells[-1].id").cloned().unwrap_or(Value::Null);
        ensure!(answer.status == 200, "no notebook. {}", shown(&answer));
        let body = json!({"code": self.variables.text(code)?, "after": last});
        let (answer, document) = self.send(Call::new("POST", &format!("/api/v1/notebooks/{notebook}/cells")).json(&body))?;
        ensure!(answer.status == 201, "the cell was not made. {}", shown(&answer));
        self.variables
            .set("cell", path::find(&document, "$.id").context("no id in the answer")?.clone());
        let target = self.variables.text(&format!("/api/v1/notebooks/{notebook}/cells/${{cell}}/run"))?;
        self.place(&target, None)
    }

    /// Send as the step's caller; what always holds is checked here. Event streams become a document.
    fn send(&mut self, call: Call) -> Result<(Answer, Value)> {
        let host = self.host;
        let call = caller::authenticate(call, self.step.caller, &host.client, self.variables, host.admin_key.as_deref())?;
        if call.method == "GET" && call.path.ends_with("/events") {
            let (answer, events) = sse::collect(&host.client, &call, |event| event.event == "ended")?;
            standing::check(&call, &answer).with_context(|| shown(&answer))?;
            let document = if answer.body.is_empty() {
                stream(&call, &events)?
            } else {
                answer.json()?
            };
            return Ok((answer, document));
        }
        let answer = host.client.send(&call)?;
        standing::check(&call, &answer).with_context(|| shown(&answer))?;
        let document = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        Ok((answer, document))
    }

    fn expectations(&self, answer: &Answer, document: &Value) -> Result<()> {
        let Expect {
            status,
            headers,
            json,
            text,
            content_security,
        } = &self.step.expect;
        let default = json!({"at_least": 200, "at_most": 299});
        let status = self.variables.value(status.as_ref().unwrap_or(&default))?;
        matcher::check(&status, Some(&Value::from(answer.status))).context("status")?;
        for (name, expected) in headers {
            let found = answer.all(name).collect::<Vec<_>>().join("\n");
            let found = (!found.is_empty()).then(|| Value::from(found));
            matcher::check(&self.variables.value(expected)?, found.as_ref()).with_context(|| format!("header {name}"))?;
        }
        self.places(json, document)?;
        for expected in text {
            matcher::check(&self.variables.value(expected)?, Some(&Value::from(answer.text()))).context("body")?;
        }
        if *content_security {
            content_security::check(answer)?;
        }
        Ok(())
    }

    fn places(&self, expected: &BTreeMap<String, Value>, document: &Value) -> Result<()> {
        for (place, expected) in expected {
            matcher::check(&self.variables.value(expected)?, path::find(document, place)).with_context(|| place.clone())?;
        }
        Ok(())
    }

    fn save(&mut self, answer: &Answer, document: &Value) -> Result<()> {
        for (name, place) in &self.step.save {
            let value = match place.strip_prefix("header ") {
                Some(header) => answer.header(header).map(Value::from),
                None if place == "body" => Some(Value::from(hex::encode(&answer.body))),
                None => path::find(document, place).cloned(),
            };
            self.variables
                .set(name, value.with_context(|| format!("nothing at `{place}` to save as `{name}`"))?);
        }
        Ok(())
    }
}

/// An event stream as one document. That ids go on from `Last-Event-ID` without gaps, that `data` says the same and that `ended` is the
/// last is checked here, for every stream.
fn stream(call: &Call, events: &[ServerEvent]) -> Result<Value> {
    let after = call
        .headers
        .iter()
        .find(|(name, _)| name == "last-event-id")
        .map_or(Ok(0), |(_, id)| id.parse::<u64>())?;
    let mut list = Vec::new();
    let mut kinds: Vec<&str> = Vec::new();
    let (mut stdout, mut stderr) = (String::new(), String::new());
    for (expected, event) in (after + 1..).zip(events) {
        ensure!(event.id == expected.to_string(), "event {expected} came with the id `{}`", event.id);
        let data = event.json()?;
        ensure!(
            data.get("seq") == Some(&Value::from(expected)),
            "the data of event {expected} say another number: {data}"
        );
        ensure!(
            data.get("kind").and_then(Value::as_str) == Some(&*event.event),
            "the data of event {expected} say another kind: {data}"
        );
        let text = path::find(&data, "$.data.text").and_then(Value::as_str).unwrap_or_default();
        match event.event.as_str() {
            "stdout" => stdout.push_str(text),
            "stderr" => stderr.push_str(text),
            _ => {}
        }
        if kinds.last() != Some(&&*event.event) {
            kinds.push(&event.event);
        }
        list.push(data);
    }
    ensure!(
        events.is_empty() || kinds.last() == Some(&"ended"),
        "the stream broke off after {kinds:?}"
    );
    Ok(json!({"events": list, "kinds": kinds, "stdout": stdout, "stderr": stderr}))
}

/// An answer in an error message.
fn shown(answer: &Answer) -> String {
    format!("the answer was {} {}", answer.status, matcher::shorten(&answer.text()))
}
