//! Runs: made, read, cancelled.

use selvedge_contract as contract;
use selvedge_ports::shapes::{LimitsRequest, NewRun, Run, RunEvent, StartedRun, Usage};
use selvedge_ports::{Error, ErrorKind, Result};
use selvedge_protocol::{Task, limits};

use super::cell::no_cell;
use super::cordon::cordon;
use super::{ending, expiry, task};
use crate::node::{self, PlaceError, Terms};
use crate::policy::Operation;
use crate::{Caller, Platform, access, present};

/// Shown in tracebacks of a run that is no cell's.
const SCRIPT_LABEL: &str = "main.py";
/// Name of the project that a first run makes.
const FIRST_PROJECT: &str = "Home";
/// Runs on one page of a list, when the caller names no number.
const PAGE: u32 = 50;
/// Most runs on one page.
const PAGE_MAX: u32 = 100;
/// Events read at once.
const EVENTS_AT_ONCE: u32 = 500;

/// Run a program in a fresh interpreter.
pub async fn create_run(
    platform: &Platform,
    caller: &Caller,
    new: contract::CreateRun,
    idempotency_key: Option<String>,
) -> Result<contract::RunAccepted> {
    let project = match new.project {
        Some(project) => project,
        None => own_project(platform, caller).await?,
    };
    access::project(platform, caller, Operation::CreateRun, &project).await?;
    let (interactive, task) = (new.interactive, task::order(platform, &new.task, new.interactive)?);
    let started = platform
        .workspace
        .start_run(&NewRun {
            project,
            created_by: caller.principal.id.clone(),
            cell: None,
            language: new.language,
            code: Some(new.code),
            stdin: new.stdin,
            interactive,
            task: task::named(&new.task),
            limits: limits_asked(new.limits.unwrap_or_default()),
            idempotency_key,
        })
        .await?;
    dispatch(platform, caller, started, SCRIPT_LABEL, interactive, task).await
}

/// Run a cell in its notebook's kernel.
pub async fn run_cell(
    platform: &Platform,
    caller: &Caller,
    notebook: &str,
    cell: &str,
    how: contract::RunCell,
    idempotency_key: Option<String>,
) -> Result<contract::RunAccepted> {
    let (interactive, task) = (how.interactive, task::order(platform, &how.task, how.interactive)?);
    let (found, _) = access::notebook(platform, caller, Operation::RunCell, notebook).await?;
    let position = found.cells.iter().position(|candidate| candidate.id == cell).ok_or_else(no_cell)?;
    let started = platform
        .workspace
        .start_run(&NewRun {
            project: found.summary.project,
            created_by: caller.principal.id.clone(),
            cell: Some(cell.to_owned()),
            language: "python".to_owned(),
            code: None,
            stdin: None,
            interactive,
            task: task::named(&how.task),
            limits: limits_asked(contract::Limits::default()),
            idempotency_key,
        })
        .await?;
    dispatch(platform, caller, started, &format!("cell {}", position + 1), interactive, task).await
}

/// A run with its output so far. A run whose node has been silent for too long is ended as lost first.
pub async fn run_view(platform: &Platform, caller: &Caller, run: &str) -> Result<contract::Run> {
    let found = access::run(platform, caller, Operation::ReadRun, run).await?;
    let (run, events) = with_events(platform, found).await?;
    Ok(present::run(run, &events))
}

/// The project's runs, newest first; `after` is the id of the last one seen.
pub async fn list_runs(
    platform: &Platform,
    caller: &Caller,
    project: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> Result<contract::Page<contract::RunSummary>> {
    access::project(platform, caller, Operation::ListRuns, project).await?;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(Error::invalid("limit", "request.query", format!("`limit` is 1 to {PAGE_MAX}.")));
    }
    let runs = platform.workspace.list_runs(project, after, limit).await?;
    let full = u32::try_from(runs.len()).is_ok_and(|count| count >= limit);
    let next = runs.last().filter(|_| full).map(|run| run.id.clone());
    Ok(contract::Page {
        items: runs.into_iter().map(present::run_summary).collect(),
        next,
    })
}

/// Ask a run to stop. The request is remembered, so it holds even when the node cannot be told now.
pub async fn cancel_run(platform: &Platform, caller: &Caller, run: &str) -> Result<contract::RunAccepted> {
    access::run(platform, caller, Operation::CancelRun, run).await?;
    let run = platform.workspace.request_cancel(run).await?;
    if !present::status(run.status).is_final()
        && let Err(error) = node::cancel(platform, &run).await
    {
        platform
            .log
            .event("run.cancel_not_delivered", &[("run", &run.id), ("why", &error.to_string())]);
    }
    Ok(contract::RunAccepted {
        status: present::status(run.status),
        id: run.id,
    })
}

/// A line for a run that asks for one.
pub async fn answer_run(platform: &Platform, caller: &Caller, run: &str, line: &contract::InputLine) -> Result<contract::RunAccepted> {
    let run = access::run(platform, caller, Operation::AnswerRun, run).await?;
    let most = limits::STDIN_BYTES_MAX;
    if line.text.len() as u64 > most {
        return Err(Error::invalid(
            "text",
            "run.input_too_large",
            format!("A line has at most {most} bytes; this has {}. Nothing was sent.", line.text.len()),
        ));
    }
    if present::status(run.status).is_final() {
        return Err(node::ended());
    }
    node::kernel::input(platform, &run, &line.text).await?;
    Ok(contract::RunAccepted {
        status: present::status(run.status),
        id: run.id,
    })
}

/// The run and all its events, after looking at its lease.
pub(super) async fn with_events(platform: &Platform, run: Run) -> Result<(Run, Vec<RunEvent>)> {
    let run = expiry::repaired(platform, run).await?;
    let mut events = Vec::new();
    while let Some(after) = more(&run, &events) {
        let page = platform.workspace.events(&run.id, after, EVENTS_AT_ONCE).await?;
        if page.is_empty() {
            break;
        }
        events.extend(page);
    }
    Ok((run, events))
}

/// The number after which there are more events to read, up to those that the run had when it was read.
fn more(run: &Run, events: &[RunEvent]) -> Option<u64> {
    let seen = events.last().map_or(0, |event| event.seq);
    (seen < run.last_seq).then_some(seen)
}

/// Which project pays when none is named: the key's, else the caller's oldest. Who has none yet and may make one gets it, so that a first run
/// needs nothing but a credential.
async fn own_project(platform: &Platform, caller: &Caller) -> Result<String> {
    if let Some(project) = &caller.principal.only_project {
        return Ok(project.clone());
    }
    match platform.auth.memberships(&caller.principal).await?.pop() {
        Some(oldest) => Ok(oldest.project),
        None => Ok(super::create_project(platform, caller, FIRST_PROJECT).await?.id),
    }
}

/// Hold what the stored run can cost at most and place its order. Errors end the run before they are returned.
async fn dispatch(
    platform: &Platform,
    caller: &Caller,
    started: StartedRun,
    label: &str,
    interactive: bool,
    task: Task,
) -> Result<contract::RunAccepted> {
    let StartedRun { run, fresh, seal, private } = started;
    if fresh {
        if let Err(error) = platform.billing.hold(&run.project, &run.id, Usage { fuel: run.limits.fuel }).await {
            ending::refused(platform, &run, &error).await?;
            return Err(error);
        }
        let terms = Terms {
            cordon: cordon(caller, private),
            seal,
            label,
            interactive,
            task,
        };
        if let Err(error) = node::place(platform, &run, terms).await {
            platform
                .log
                .event("run.not_placed", &[("run", &run.id), ("why", &error.to_string())]);
            ending::lost(platform, &run).await?;
            return Err(match error {
                PlaceError::Defect(error) => error,
                PlaceError::NoNode | PlaceError::Busy(_) | PlaceError::Unreachable(_) => Error {
                    retry_after_ms: Some(2_000),
                    ..Error::new(
                        ErrorKind::Unavailable,
                        "run.no_node",
                        format!(
                            "No node could take run {}, so it was given up and nothing was billed. Try again in a moment.",
                            run.id
                        ),
                    )
                },
            });
        }
    }
    Ok(contract::RunAccepted {
        status: present::status(run.status),
        id: run.id,
    })
}

const fn limits_asked(limits: contract::Limits) -> LimitsRequest {
    LimitsRequest {
        wall_ms: limits.wall_ms,
        fuel: limits.fuel,
        memory_bytes: limits.memory_bytes,
        output_bytes: limits.output_bytes,
    }
}
