//! The platform's records as the public API shows them.

use selvedge_contract as contract;
use selvedge_contract::shown::Display;
use selvedge_contract::time::rfc3339;
use selvedge_ports::shapes::{
    Account, ApiKey, Cell, EventKind, NotebookSummary, Principal, PrincipalKind, Project, Role, Run, RunError, RunEvent, RunStatus,
};
use serde_json::Value;

/// `viewer`, `editor`, `admin`, `owner`.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Editor => "editor",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

/// The role of this name.
pub fn role_named(name: &str) -> Option<Role> {
    [Role::Viewer, Role::Editor, Role::Admin, Role::Owner]
        .into_iter()
        .find(|known| role(*known) == name)
}

/// `GET /api/v1/me`.
pub fn me(principal: Principal) -> contract::Me {
    contract::Me {
        id: principal.id,
        name: principal.name,
        anonymous: principal.kind == PrincipalKind::Anonymous,
    }
}

/// A project, with the caller's role.
pub fn project(project: Project, as_role: Role) -> contract::Project {
    contract::Project {
        id: project.id,
        name: project.name,
        role: role(as_role).to_owned(),
        private: project.private,
        created_at: rfc3339(project.created_at),
    }
}

/// A project's credits.
pub const fn account(account: Account) -> contract::Account {
    contract::Account {
        balance: account.balance,
        held: account.held,
    }
}

/// A notebook in a list.
pub fn notebook_summary(notebook: NotebookSummary) -> contract::NotebookSummary {
    contract::NotebookSummary {
        id: notebook.id,
        project: notebook.project,
        name: notebook.name,
        created_at: rfc3339(notebook.created_at),
        updated_at: rfc3339(notebook.updated_at),
    }
}

/// A cell, with its newest run and that run's events.
pub fn cell(cell: Cell, last_run: Option<(Run, Vec<RunEvent>)>) -> contract::Cell {
    let stale = last_run.as_ref().is_some_and(|(run, _)| run.code != cell.code);
    contract::Cell {
        id: cell.id,
        code: cell.code,
        version: cell.version,
        last_run: last_run.map(|(run, events)| self::run(run, &events)),
        stale,
    }
}

/// An API key without its secret.
pub fn key(key: ApiKey) -> contract::ApiKey {
    contract::ApiKey {
        id: key.id,
        project: key.project,
        name: key.name,
        role: role(key.role).to_owned(),
        created_at: rfc3339(key.created_at),
        expires_at: key.expires_at.map(rfc3339),
        revoked_at: key.revoked_at.map(rfc3339),
    }
}

/// Where a run stands.
pub const fn status(status: RunStatus) -> contract::Status {
    match status {
        RunStatus::Queued => contract::Status::Queued,
        RunStatus::Running => contract::Status::Running,
        RunStatus::Succeeded => contract::Status::Succeeded,
        RunStatus::Failed => contract::Status::Failed,
        RunStatus::TimedOut => contract::Status::TimedOut,
        RunStatus::Cancelled => contract::Status::Cancelled,
        RunStatus::Lost => contract::Status::Lost,
    }
}

/// A run in a list.
pub fn run_summary(run: Run) -> contract::RunSummary {
    contract::RunSummary {
        id: run.id,
        notebook: run.notebook,
        status: status(run.status),
        fuel: run.fuel,
        duration_ms: run.duration_ms,
        cost: run.cost,
        created_at: rfc3339(run.created_at),
    }
}

/// A run with its output, from its stored events.
pub fn run(run: Run, events: &[RunEvent]) -> contract::Run {
    let mut shown = Shown::default();
    for event in events {
        shown.add(event);
    }
    let is_open = !self::status(run.status).is_final();
    contract::Run {
        id: run.id,
        project: run.project,
        notebook: run.notebook,
        cell: run.cell,
        language: run.language,
        status: status(run.status),
        stdout: shown.stdout,
        stderr: shown.stderr,
        result: shown.result,
        outputs: shown.outputs,
        error: run.error.map(run_error),
        input: shown.input.filter(|_| is_open),
        truncated: run.truncated,
        fuel: run.fuel,
        duration_ms: run.duration_ms,
        cost: run.cost,
        checkpoint: run.checkpoint,
        last_seq: events.last().map_or(run.last_seq, |event| event.seq),
        created_at: rfc3339(run.created_at),
        started_at: run.started_at.map(rfc3339),
        ended_at: run.ended_at.map(rfc3339),
    }
}

/// One event of a run's stream.
pub fn event(run: &str, event: &RunEvent) -> contract::Event {
    contract::Event {
        id: run.to_owned(),
        seq: event.seq,
        kind: event_kind(event.kind).to_owned(),
        subject: format!("/api/v1/runs/{run}"),
        at: rfc3339(event.at),
        data: data(event),
    }
}

/// The kind as it is written in streams.
pub const fn event_kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Started => "started",
        EventKind::Stdout => "stdout",
        EventKind::Stderr => "stderr",
        EventKind::Display => "display",
        EventKind::Value => "value",
        EventKind::Error => "error",
        EventKind::InputRequest => "input_request",
        EventKind::Ended => "ended",
    }
}

fn run_error(error: RunError) -> contract::RunError {
    contract::RunError {
        kind: error.type_name,
        message: error.message,
        traceback: error.traceback,
        // Only the event has it, and the outputs with that.
        data: None,
    }
}

/// The workspace stores complete JSON documents; anything else shows as null rather than hiding the events around it.
fn data(event: &RunEvent) -> Value {
    serde_json::from_str(&event.data).unwrap_or(Value::Null)
}

/// What a run has shown, put together from its events.
#[derive(Default)]
struct Shown {
    stdout: String,
    stderr: String,
    result: Option<String>,
    outputs: Vec<contract::Output>,
    /// Set while the newest event is a request for a line.
    input: Option<contract::InputRequest>,
    /// What is shown goes when something new comes.
    clear_next: bool,
}

impl Shown {
    fn add(&mut self, event: &RunEvent) {
        self.input = None;
        match event.kind {
            EventKind::Started | EventKind::Ended => {}
            EventKind::InputRequest => self.input = serde_json::from_value(data(event)).ok(),
            EventKind::Stdout => {
                let text = text(event);
                self.stdout.push_str(&text);
                match self.newest() {
                    Some(contract::Output::Stdout { text: before }) => before.push_str(&text),
                    _ => self.push(contract::Output::Stdout { text }),
                }
            }
            EventKind::Stderr => {
                let text = text(event);
                self.stderr.push_str(&text);
                match self.newest() {
                    Some(contract::Output::Stderr { text: before }) => before.push_str(&text),
                    _ => self.push(contract::Output::Stderr { text }),
                }
            }
            EventKind::Display => self.display(event),
            EventKind::Value => {
                let data = bundle(event);
                self.result = data.get("text/plain").and_then(Value::as_str).map(str::to_owned);
                self.push(contract::Output::Value { data });
            }
            EventKind::Error => {
                if let Ok(error) = serde_json::from_value(data(event)) {
                    self.push(contract::Output::Error(error));
                }
            }
        }
    }

    fn display(&mut self, event: &RunEvent) {
        let told = data(event);
        let of = |key: &str| told.get(key).cloned().unwrap_or(Value::Null);
        let about = told
            .get("metadata")
            .filter(|about| about.as_object().is_some_and(|about| !about.is_empty()));
        let about = || about.cloned().unwrap_or(Value::Null);
        match Display::read(&told) {
            Display::Clear { wait: true } => self.clear_next = true,
            Display::Clear { wait: false } => self.outputs.clear(),
            Display::New { id } => self.push(contract::Output::Display {
                data: of("data"),
                metadata: about(),
                display_id: id.map(str::to_owned),
            }),
            Display::Replace { id } => {
                for output in &mut self.outputs {
                    if let contract::Output::Display {
                        data,
                        metadata,
                        display_id,
                    } = output
                        && display_id.as_deref() == Some(id)
                    {
                        (*data, *metadata) = (of("data"), about());
                    }
                }
            }
        }
    }

    /// What came before something new, after what was waiting for that was removed.
    fn newest(&mut self) -> Option<&mut contract::Output> {
        if std::mem::take(&mut self.clear_next) {
            self.outputs.clear();
        }
        self.outputs.last_mut()
    }

    fn push(&mut self, output: contract::Output) {
        self.newest();
        self.outputs.push(output);
    }
}

fn text(event: &RunEvent) -> String {
    match data(event).get_mut("text").map(Value::take) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// MIME type → content.
fn bundle(event: &RunEvent) -> Value {
    data(event).get_mut("data").map_or(Value::Null, Value::take)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(events: &[(EventKind, Value)]) -> Shown {
        let mut shown = Shown::default();
        for ((kind, data), seq) in events.iter().zip(1..) {
            shown.add(&RunEvent {
                seq,
                kind: *kind,
                at: 0,
                data: data.to_string(),
            });
        }
        shown
    }

    fn display(text: &str, more: &Value) -> (EventKind, Value) {
        let mut event = json!({"data": {"text/plain": text}, "metadata": {}});
        if let (Some(event), Some(more)) = (event.as_object_mut(), more.as_object()) {
            event.extend(more.clone());
        }
        (EventKind::Display, event)
    }

    fn texts(shown: &Shown) -> Vec<String> {
        let text = |output: &contract::Output| match output {
            contract::Output::Stdout { text } | contract::Output::Stderr { text } => text.clone(),
            contract::Output::Display { data, .. } | contract::Output::Value { data } => {
                data["text/plain"].as_str().unwrap_or_default().to_owned()
            }
            contract::Output::Error(error) => error.message.clone(),
        };
        shown.outputs.iter().map(text).collect()
    }

    #[test]
    fn what_was_shown_under_a_name_is_replaced_in_its_place() {
        let named = json!({"display_id": "d"});
        let update = json!({"display_id": "d", "update": true});
        let foreign = json!({"display_id": "e", "update": true});
        let shown = shown(&[
            display("a", &named),
            display("b", &json!({})),
            display("c", &update),
            display("x", &foreign),
        ]);
        assert_eq!(texts(&shown), ["c", "b"]);
    }

    #[test]
    fn clearing_removes_at_once_or_when_something_new_comes() {
        let out = |text: &str| (EventKind::Stdout, json!({"text": text}));
        let clear = |wait: bool| (EventKind::Display, json!({"data": {}, "metadata": {}, "clear": true, "wait": wait}));
        assert_eq!(texts(&shown(&[out("a"), clear(false)])), [""; 0]);
        assert_eq!(texts(&shown(&[out("a"), clear(true)])), ["a"], "nothing new came");
        let cleared = shown(&[out("a"), clear(true), out("b"), out("c")]);
        assert_eq!(texts(&cleared), ["bc"]);
        assert_eq!(cleared.stdout, "abc", "what was written was written");
    }

    #[test]
    fn a_failure_keeps_its_traceback_as_data() {
        let error = json!({"type": "ValueError", "message": "m", "traceback": "", "data": {"a/b": 1}});
        let shown = shown(&[(EventKind::Error, error)]);
        assert!(matches!(&shown.outputs[..], [contract::Output::Error(error)] if error.data == Some(json!({"a/b": 1}))));
    }

    #[test]
    fn a_line_is_waited_for_until_anything_else_happens() {
        let asks = (EventKind::InputRequest, json!({"prompt": "name? ", "password": false}));
        assert_eq!(
            shown(std::slice::from_ref(&asks)).input.map(|input| input.prompt).as_deref(),
            Some("name? ")
        );
        assert_eq!(shown(&[asks, (EventKind::Stdout, json!({"text": "name? x"}))]).input, None);
    }
}
