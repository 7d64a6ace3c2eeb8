//! Autosave. What is typed is kept in the browser at every change and sent a moment after the last one; it leaves the browser's store only
//! when the server has it. A save names the version that was edited, so two tabs cannot silently overwrite each other.

use leptos::prelude::*;
use selvedge_contract::{Cell, Notebook, PutCell};
use serde::{Deserialize, Serialize};

use super::Sheet;
use super::cell_state::{CellState, Saved, Saving};
use crate::ask::message;
use crate::browser::fetch::{self, Ask};
use crate::browser::{editor, store, task};

/// Pause after the last key before a save.
const PAUSE_MS: i32 = 600;
/// Longest pause between attempts to reach the server.
const RETRY_MS_MAX: i32 = 15_000;

/// Typed text that the server does not have yet, in the browser's store.
#[derive(Serialize, Deserialize)]
struct Draft {
    code: String,
    /// The version that was edited.
    version: u64,
}

fn draft_key(cell: &str) -> String {
    format!("selvedge:draft:{cell}")
}

/// Somebody typed.
pub(crate) fn typed(sheet: Sheet, cell: &CellState, text: String) {
    let version = cell.saved.with_untracked(|saved| saved.version);
    keep(&cell.id, &text, version);
    cell.code.set(text.clone());
    // A refusal spoke of other text.
    if matches!(cell.saving.get_untracked(), Saving::Refused(_)) {
        cell.saving.set(Saving::Idle);
    }
    let cell = cell.clone();
    task::spawn(async move {
        task::sleep(PAUSE_MS).await;
        let is_still_last = cell.code.with_untracked(|code| *code == text);
        if is_still_last && cell.saving.get_untracked() == Saving::Idle {
            save(sheet, &cell).await;
        }
    });
}

fn keep(cell: &str, code: &str, version: u64) {
    if let Ok(draft) = serde_json::to_string(&Draft {
        code: code.to_owned(),
        version,
    }) {
        store::set(&draft_key(cell), &draft);
    }
}

/// Saves a cell. True once the server has what is typed.
pub(crate) async fn save(sheet: Sheet, cell: &CellState) -> bool {
    // One save at a time: a second one would name a version that the first is about to replace.
    while cell.saving.get_untracked() == Saving::Busy {
        task::sleep(20).await;
    }
    let mut attempts_left = 4_u8;
    while untrack(|| cell.is_dirty()) {
        if matches!(cell.saving.get_untracked(), Saving::Conflict(_)) || attempts_left == 0 {
            return false;
        }
        attempts_left -= 1;
        cell.saving.set(Saving::Busy);
        let code = cell.code.get_untracked();
        let version = cell.saved.with_untracked(|saved| saved.version);
        let body = serde_json::to_string(&PutCell { code: code.clone() }).ok();
        match fetch::send(Ask {
            method: "PUT",
            path: &sheet.cell_path(&cell.id),
            body,
            if_match: Some(format!("\"{version}\"")),
        })
        .await
        {
            Ok(answer) if (200..300).contains(&answer.status) => {
                let version = serde_json::from_str::<Cell>(&answer.body).map_or(version + 1, |cell| cell.version);
                cell.saved.set(Saved { code, version });
                cell.saving.set(Saving::Idle);
                sheet.is_cut_off.set(false);
                // Typing went on meanwhile: the draft stays until that is saved too.
                if untrack(|| cell.is_dirty()) {
                    cell.code.with_untracked(|typed| keep(&cell.id, typed, version));
                } else {
                    store::remove(&draft_key(&cell.id));
                }
            }
            Ok(answer) if answer.status == 412 || answer.status == 409 => return find_theirs(sheet, cell).await,
            Ok(answer) if answer.status < 500 && answer.status != 429 => {
                cell.saving.set(Saving::Refused(message(&answer.body)));
                return false;
            }
            Ok(_) | Err(fetch::Unreachable) => {
                cell.saving.set(Saving::Waiting);
                cut_off(sheet);
                return false;
            }
        }
    }
    true
}

/// Loads what stands on the server, and puts the choice before the person unless both wrote the same.
async fn find_theirs(sheet: Sheet, cell: &CellState) -> bool {
    let notebook = match load(sheet).await {
        Found::Notebook(notebook) => notebook,
        Found::Refused(why) => {
            cell.saving.set(Saving::Refused(why));
            return false;
        }
        Found::Nobody => {
            cell.saving.set(Saving::Waiting);
            cut_off(sheet);
            return false;
        }
    };
    let Some(theirs) = notebook.cells.into_iter().find(|other| other.id == cell.id) else {
        cell.saving.set(Saving::Refused(
            "This cell was removed elsewhere. Your text is kept in this browser; copy it into a new cell.".to_owned(),
        ));
        return false;
    };
    let theirs = Saved {
        code: theirs.code,
        version: theirs.version,
    };
    if cell.code.with_untracked(|code| *code == theirs.code) {
        cell.saved.set(theirs);
        cell.saving.set(Saving::Idle);
        store::remove(&draft_key(&cell.id));
        return true;
    }
    cell.saving.set(Saving::Conflict(theirs));
    false
}

/// The choice after a conflict: what is typed here replaces theirs.
pub(crate) fn keep_mine(sheet: Sheet, cell: &CellState, theirs: Saved) {
    cell.saved.set(theirs);
    cell.saving.set(Saving::Idle);
    let cell = cell.clone();
    task::spawn(async move {
        save(sheet, &cell).await;
    });
}

/// The choice after a conflict: theirs replaces what is typed here.
pub(crate) fn take_theirs(cell: &CellState, theirs: Saved) {
    cell.code.set(theirs.code.clone());
    editor::set_text(&cell.id, &theirs.code);
    cell.saved.set(theirs);
    cell.saving.set(Saving::Idle);
    store::remove(&draft_key(&cell.id));
}

/// Text that an earlier visit could not save comes back; where the cell has changed since, as a conflict.
pub(crate) fn restore_draft(sheet: Sheet, cell: &CellState) {
    let Some(draft) = store::get(&draft_key(&cell.id)).and_then(|draft| serde_json::from_str::<Draft>(&draft).ok()) else {
        return;
    };
    let saved = cell.saved.get_untracked();
    if draft.code == saved.code {
        store::remove(&draft_key(&cell.id));
        return;
    }
    cell.code.set(draft.code.clone());
    editor::set_text(&cell.id, &draft.code);
    if draft.version == saved.version {
        let cell = cell.clone();
        task::spawn(async move {
            save(sheet, &cell).await;
        });
    } else {
        cell.saving.set(Saving::Conflict(saved));
    }
}

/// Saves everything that is typed, now.
pub(crate) fn flush(sheet: Sheet) {
    for cell in sheet.cells.get_untracked() {
        if untrack(|| cell.is_dirty()) {
            task::spawn(async move {
                save(sheet, &cell).await;
            });
        }
    }
}

/// What came of asking for the notebook.
enum Found {
    Notebook(Notebook),
    /// The server answers, but not with the notebook: it says why.
    Refused(String),
    /// Nobody answers, or somebody in between who cannot reach the server either.
    Nobody,
}

async fn load(sheet: Sheet) -> Found {
    match fetch::send(Ask {
        method: "GET",
        path: &sheet.path(),
        ..Ask::default()
    })
    .await
    {
        Ok(answer) if answer.status == 200 => serde_json::from_str(&answer.body).map_or(Found::Nobody, Found::Notebook),
        Ok(answer) if answer.status < 500 => Found::Refused(message(&answer.body)),
        Ok(_) | Err(fetch::Unreachable) => Found::Nobody,
    }
}

/// Nobody answered: says so and tries again, more and more slowly, until everything typed is saved.
pub(crate) fn cut_off(sheet: Sheet) {
    sheet.is_cut_off.set(true);
    if sheet.is_reconnecting.get_value() {
        return;
    }
    sheet.is_reconnecting.set_value(true);
    task::spawn(async move {
        let mut pause = 1_000;
        while sheet.is_cut_off.get_untracked() {
            task::sleep(pause).await;
            pause = (pause * 2).min(RETRY_MS_MAX);
            reconnect(sheet).await;
        }
        sheet.is_reconnecting.set_value(false);
    });
}

/// One attempt to reach the server and to catch up with it.
pub(crate) async fn reconnect(sheet: Sheet) {
    match load(sheet).await {
        Found::Notebook(notebook) => {
            sheet.is_cut_off.set(false);
            super::arranging::catch_up(sheet, &notebook);
        }
        Found::Refused(why) => {
            sheet.is_cut_off.set(false);
            sheet.problem.set(Some(format!("{why} What you typed is kept in this browser.")));
            return;
        }
        Found::Nobody => return,
    }
    for cell in sheet.cells.get_untracked() {
        if cell.saving.get_untracked() == Saving::Waiting {
            cell.saving.set(Saving::Idle);
        }
    }
    flush(sheet);
}
