//! Running cells and following their runs.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use leptos::prelude::*;
use selvedge_contract::{Account, Event, Run, RunAccepted, Status};
use serde_json::Value;

use super::cell_state::{CellState, Ran};
use super::run_state::{Heard, Piece, RunState};
use super::{Sheet, history, saving, variables};
use crate::ask::message;
use crate::browser::events::{Signal, Stream};
use crate::browser::fetch::{self, Ask};
use crate::browser::{editor, task};
use crate::measure;
use crate::output::failure;

/// Names of the events of a run's stream.
const KINDS: [&str; 8] = ["started", "stdout", "stderr", "display", "value", "error", "input_request", "ended"];
/// Somebody is here who can answer `input()`.
const INTERACTIVE: &str = r#"{"interactive":true}"#;
/// Pause before a refused stream is asked for again.
const RETRY_MS: i32 = 2_000;

/// Runs a cell: saves it first, so that what runs is what is kept.
pub(crate) fn run(sheet: Sheet, cell: &CellState) {
    if !sheet.may_edit {
        return;
    }
    let cell = cell.clone();
    task::spawn(async move {
        place(sheet, &cell).await;
    });
}

/// Saves and orders a run, and follows it. Returns its final status; none when it could not be ordered.
async fn place(sheet: Sheet, cell: &CellState) -> Option<Status> {
    if cell.run.is_open_untracked() {
        sheet
            .said
            .set(format!("Cell {} is running already.", untrack(|| sheet.number(&cell.id))));
        return None;
    }
    sheet.problem.set(None);
    let before = cell.run.facts.get_untracked();
    cell.run.begin(task::now_ms());
    editor::mark(&cell.id, None);
    if !saving::save(sheet, cell).await {
        cell.run.facts.set(before);
        return None;
    }
    let code = cell.saved.with_untracked(|saved| saved.code.clone());
    let path = format!("{}/run", sheet.cell_path(&cell.id));
    match fetch::send(Ask {
        method: "POST",
        path: &path,
        body: Some(INTERACTIVE.to_owned()),
        ..Ask::default()
    })
    .await
    {
        Ok(answer) if answer.status == 202 => {
            let Ok(accepted) = serde_json::from_str::<RunAccepted>(&answer.body) else {
                cell.run.facts.set(before);
                return None;
            };
            cell.run.facts.update(|facts| {
                if let Some(facts) = facts {
                    facts.id = accepted.id;
                }
            });
            cell.ran.set(Ran::Source(code));
            cell.undone.set(false);
            sheet.came_from.set(None);
            Some(follow(sheet, cell).await)
        }
        Ok(answer) => {
            cell.run.facts.set(before);
            sheet.problem.set(Some(message(&answer.body)));
            None
        }
        Err(fetch::Unreachable) => {
            cell.run.facts.set(before);
            sheet.problem.set(Some(
                "The run was not ordered: nobody answers. Your text is kept here; run it again when the connection is back.".to_owned(),
            ));
            saving::cut_off(sheet);
            None
        }
    }
}

/// Follows a cell's open run to its end and says how it ended.
pub(crate) async fn follow(sheet: Sheet, cell: &CellState) -> Status {
    tick(sheet);
    let status = follow_run(
        &cell.run,
        move |is_connected| {
            if is_connected {
                sheet.is_cut_off.set(false);
            } else {
                saving::cut_off(sheet);
            }
        },
        move |id, data| sheet.replace_named(id, data),
    )
    .await;
    mark_failed(&cell.id, &cell.run);
    sheet.said.set(spoken(untrack(|| sheet.number(&cell.id)), &cell.run));
    refresh_account(sheet).await;
    history::keep_up(sheet).await;
    variables::refresh_when_open(sheet);
    status
}

/// Streams a run's events into its state until it has ended, through lost connections. `elsewhere` hears what replaces something that another
/// run showed.
pub(crate) async fn follow_run(run: &RunState, connected: impl Fn(bool) + 'static, elsewhere: impl Fn(&str, &Value) + 'static) -> Status {
    let (connected, elsewhere) = (Rc::new(connected), Rc::new(elsewhere));
    loop {
        let Some((id, last_seq)) = run
            .facts
            .with_untracked(|facts| facts.as_ref().map(|facts| (facts.id.clone(), facts.last_seq)))
        else {
            return Status::Lost;
        };
        // The final status, or none when the server will not stream.
        let (tell, heard) = oneshot::channel::<Option<Status>>();
        let tell = RefCell::new(Some(tell));
        let stream = {
            let (run, connected, elsewhere) = (run.clone(), Rc::clone(&connected), Rc::clone(&elsewhere));
            let done = move |status| {
                if let Some(tell) = tell.borrow_mut().take() {
                    let _ = tell.send(status);
                }
            };
            Stream::open(
                &format!("/api/v1/runs/{id}/events?after={last_seq}"),
                &KINDS,
                move |signal| match signal {
                    Signal::Open => connected(true),
                    Signal::Broken => connected(false),
                    Signal::Refused => done(None),
                    Signal::Event(json) => {
                        let Ok(event) = serde_json::from_str::<Event>(&json) else { return };
                        match run.apply(&event) {
                            Heard::Nothing => {}
                            Heard::Ended(status) => done(Some(status)),
                            Heard::ReplacesElsewhere { id, data } => elsewhere(&id, &data),
                        }
                    }
                },
            )
        };
        let ended = heard.await.ok().flatten();
        if let Some(stream) = stream {
            stream.close();
        }
        if let Some(status) = ended {
            return status;
        }
        // Refused: perhaps the server restarts, perhaps the stream ended because the run has. The run itself knows.
        task::sleep(RETRY_MS).await;
        match fetch::send(Ask {
            method: "GET",
            path: &format!("/api/v1/runs/{id}"),
            ..Ask::default()
        })
        .await
        {
            Ok(answer) if answer.status == 200 => {
                connected(true);
                if let Ok(found) = serde_json::from_str::<Run>(&answer.body)
                    && found.status.is_final()
                {
                    run.replace(&found);
                    return found.status;
                }
            }
            Ok(answer) if answer.status == 404 => return Status::Lost,
            _ => connected(false),
        }
    }
}

/// Runs every cell from the top, one after the other, and stops at the first that fails.
pub(crate) fn run_all(sheet: Sheet) {
    run_in_order(sheet, sheet.cells.get_untracked());
}

/// Runs what was edited since it ran last, from the top.
pub(crate) fn run_stale(sheet: Sheet) {
    run_in_order(
        sheet,
        untrack(|| sheet.cells.get().into_iter().filter(CellState::is_stale).collect()),
    );
}

fn run_in_order(sheet: Sheet, cells: Vec<CellState>) {
    if !sheet.may_edit || sheet.is_running_all.get_untracked() {
        return;
    }
    sheet.is_running_all.set(true);
    task::spawn(async move {
        for cell in cells {
            if !sheet.is_running_all.get_untracked() || place(sheet, &cell).await != Some(Status::Succeeded) {
                break;
            }
        }
        sheet.is_running_all.set(false);
    });
}

/// Stops every open run, and the rest of a run-all.
pub(crate) fn interrupt(sheet: Sheet) {
    sheet.is_running_all.set(false);
    for cell in sheet.cells.get_untracked() {
        if cell.run.is_open_untracked() {
            cancel(sheet, &cell);
        }
    }
}

/// Asks for a cell's run to stop. What it showed so far stays.
pub(crate) fn cancel(sheet: Sheet, cell: &CellState) {
    let Some(id) = cell
        .run
        .facts
        .with_untracked(|facts| facts.as_ref().map(|facts| facts.id.clone()))
        .filter(|id| !id.is_empty())
    else {
        return;
    };
    task::spawn(async move {
        match fetch::send(Ask {
            method: "POST",
            path: &format!("/api/v1/runs/{id}/cancel"),
            ..Ask::default()
        })
        .await
        {
            Ok(answer) if answer.status >= 400 => sheet.problem.set(Some(message(&answer.body))),
            Ok(_) => {}
            Err(fetch::Unreachable) => saving::cut_off(sheet),
        }
    });
}

async fn refresh_account(sheet: Sheet) {
    let path = format!("/api/v1/projects/{}/account", sheet.project.get_value());
    if let Ok(answer) = fetch::send(Ask {
        method: "GET",
        path: &path,
        ..Ask::default()
    })
    .await
        && let Ok(account) = serde_json::from_str::<Account>(&answer.body)
    {
        sheet.account.set(Some(account));
    }
}

/// Counts seconds while something runs, so that running cells can show how long they have.
fn tick(sheet: Sheet) {
    if sheet.is_ticking.get_value() {
        return;
    }
    sheet.is_ticking.set_value(true);
    task::spawn(async move {
        while untrack(|| sheet.is_busy()) {
            task::sleep(1_000).await;
            sheet.second.update(|second| *second += 1);
        }
        sheet.is_ticking.set_value(false);
    });
}

/// Marks in an editor what failed.
pub(crate) fn mark_failed(editor: &str, run: &RunState) {
    let failed = run.shown.with_untracked(|shown| {
        shown.iter().rev().find_map(|shown| match &shown.piece {
            Piece::Failure(error) => failure::failed(error),
            _ => None,
        })
    });
    editor::mark(editor, failed);
}

/// How a run ended, in a sentence.
fn spoken(number: usize, run: &RunState) -> String {
    run.facts.with_untracked(|facts| {
        let Some(facts) = facts else { return String::new() };
        let time = facts
            .duration_ms
            .map(|ms| format!(" after {}", measure::duration(ms)))
            .unwrap_or_default();
        match facts.status {
            Status::Succeeded => format!("Cell {number} finished{time}."),
            Status::Failed => format!("Cell {number} failed{time}."),
            Status::TimedOut => format!("Cell {number} was stopped at its time limit. Everything before it is as it was."),
            Status::Cancelled => format!("Cell {number} was stopped{time}."),
            Status::Lost => format!("Cell {number} was lost with its node and not billed."),
            Status::Queued | Status::Running => String::new(),
        }
    })
}
