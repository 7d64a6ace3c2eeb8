//! The platform's records as the public API shows them.

use selvedge_contract as contract;
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
        truncated: run.truncated,
        fuel: run.fuel,
        duration_ms: run.duration_ms,
        cost: run.cost,
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
}

impl Shown {
    fn add(&mut self, event: &RunEvent) {
        match event.kind {
            EventKind::Started | EventKind::InputRequest | EventKind::Ended => {}
            EventKind::Stdout => {
                let text = text(event);
                self.stdout.push_str(&text);
                match self.outputs.last_mut() {
                    Some(contract::Output::Stdout { text: before }) => before.push_str(&text),
                    _ => self.outputs.push(contract::Output::Stdout { text }),
                }
            }
            EventKind::Stderr => {
                let text = text(event);
                self.stderr.push_str(&text);
                match self.outputs.last_mut() {
                    Some(contract::Output::Stderr { text: before }) => before.push_str(&text),
                    _ => self.outputs.push(contract::Output::Stderr { text }),
                }
            }
            EventKind::Display => self.outputs.push(contract::Output::Display { data: bundle(event) }),
            EventKind::Value => {
                let data = bundle(event);
                self.result = data.get("text/plain").and_then(Value::as_str).map(str::to_owned);
                self.outputs.push(contract::Output::Value { data });
            }
            EventKind::Error => {
                if let Ok(error) = serde_json::from_value(data(event)) {
                    self.outputs.push(contract::Output::Error(error));
                }
            }
        }
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
