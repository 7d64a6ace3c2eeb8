//! Adding, removing, selecting cells, and catching up with what others did.

use leptos::prelude::*;
use selvedge_contract::{Cell, CreateCell, Notebook};

use super::cell_state::CellState;
use super::sheet::Removed;
use super::{Sheet, running, saving};
use crate::ask::message;
use crate::browser::fetch::{self, Ask};
use crate::browser::{editor, page, task};

/// Where a new cell goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Before the selected cell.
    Above,
    /// After it.
    Below,
}

/// Whether the caret goes into the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// Typing goes on in it.
    Edit,
    /// It is selected.
    Select,
}

/// The element that has a cell's focus in command mode.
pub(crate) fn element_id(cell: &str) -> String {
    format!("cell-{cell}")
}

/// Selects a cell.
pub(crate) fn select(sheet: Sheet, cell: &CellState, then: Then) {
    sheet.selected.set(Some(cell.id.clone()));
    match then {
        Then::Edit => editor::focus(&cell.id),
        Then::Select => page::focus(&element_id(&cell.id)),
    }
}

/// Selects the neighbour of a cell, when there is one.
pub(crate) fn step(sheet: Sheet, cell: &CellState, by: isize, then: Then) -> bool {
    let Some(next) = sheet.neighbour(&cell.id, by) else { return false };
    select(sheet, &next, then);
    true
}

/// Adds an empty cell beside another one.
pub(crate) fn add_beside(sheet: Sheet, cell: &CellState, side: Side, then: Then) {
    let after = match side {
        Side::Below => Some(cell.id.clone()),
        Side::Above => sheet.neighbour(&cell.id, -1).map(|before| before.id),
    };
    add(sheet, after, String::new(), then);
}

/// Adds a cell to an empty notebook.
pub(crate) fn add_first(sheet: Sheet) {
    add(sheet, None, String::new(), Then::Edit);
}

/// Adds a cell at the end.
pub(crate) fn add_last(sheet: Sheet) {
    let last = sheet.cells.with_untracked(|cells| cells.last().map(|cell| cell.id.clone()));
    add(sheet, last, String::new(), Then::Edit);
}

fn add(sheet: Sheet, after: Option<String>, code: String, then: Then) {
    if !sheet.may_edit {
        return;
    }
    task::spawn(async move {
        let body = serde_json::to_string(&CreateCell {
            code,
            after: after.clone(),
        })
        .ok();
        match fetch::send(Ask {
            method: "POST",
            path: &format!("{}/cells", sheet.path()),
            body,
            ..Ask::default()
        })
        .await
        {
            Ok(answer) if answer.status == 201 || answer.status == 200 => {
                let Ok(made) = serde_json::from_str::<Cell>(&answer.body) else {
                    return;
                };
                let made = CellState::new(&made);
                sheet.cells.update(|cells| {
                    let at = after
                        .and_then(|after| cells.iter().position(|cell| cell.id == after))
                        .map_or(0, |at| at + 1);
                    cells.insert(at.min(cells.len()), made.clone());
                });
                // The cell's element is made by the page after this.
                task::sleep(0).await;
                select(sheet, &made, then);
            }
            Ok(answer) => sheet.problem.set(Some(message(&answer.body))),
            Err(fetch::Unreachable) => {
                sheet
                    .problem
                    .set(Some("No cell was added: nobody answers. Everything typed is kept here.".to_owned()));
                saving::cut_off(sheet);
            }
        }
    });
}

/// Removes a cell; for a while it can come back.
pub(crate) fn remove(sheet: Sheet, cell: &CellState) {
    if !sheet.may_edit {
        return;
    }
    let cell = cell.clone();
    task::spawn(async move {
        match fetch::send(Ask {
            method: "DELETE",
            path: &sheet.cell_path(&cell.id),
            ..Ask::default()
        })
        .await
        {
            // 404: another tab was quicker.
            Ok(answer) if answer.status < 300 || answer.status == 404 => {
                let after = sheet.neighbour(&cell.id, -1).map(|before| before.id);
                let next = sheet.neighbour(&cell.id, 1).or_else(|| sheet.neighbour(&cell.id, -1));
                sheet.removed.set(Some(Removed {
                    after,
                    code: cell.code.get_untracked(),
                }));
                sheet.cells.update(|cells| cells.retain(|other| other.id != cell.id));
                sheet.said.set("Cell removed. Press Z to bring it back.".to_owned());
                if let Some(next) = next {
                    select(sheet, &next, Then::Select);
                }
            }
            Ok(answer) => sheet.problem.set(Some(message(&answer.body))),
            Err(fetch::Unreachable) => saving::cut_off(sheet),
        }
    });
}

/// Brings the last removed cell back, without its output.
pub(crate) fn bring_back(sheet: Sheet) {
    if let Some(Removed { after, code }) = sheet.removed.get_untracked() {
        sheet.removed.set(None);
        add(sheet, after, code, Then::Select);
    }
}

/// Takes over the notebook as the server has it: cells others added or removed, code others wrote, runs others began. What is typed here stays.
pub(crate) fn catch_up(sheet: Sheet, notebook: &Notebook) {
    let known = sheet.cells.get_untracked();
    let mut order = Vec::with_capacity(notebook.cells.len());
    let mut changed = known.len() != notebook.cells.len();
    for (at, cell) in notebook.cells.iter().enumerate() {
        let kept = known.iter().find(|other| other.id == cell.id);
        changed |= known.get(at).is_none_or(|other| other.id != cell.id);
        order.push(match kept {
            Some(kept) => {
                let before = kept.code.get_untracked();
                let was_open = kept.run.is_open_untracked();
                kept.refresh(cell);
                kept.code.with_untracked(|code| {
                    if *code != before {
                        editor::set_text(&kept.id, code);
                    }
                });
                if !was_open {
                    resume(sheet, kept);
                }
                kept.clone()
            }
            None => CellState::new(cell),
        });
    }
    // A cell removed elsewhere stays as long as it holds text that is saved nowhere.
    for (at, cell) in known.iter().enumerate() {
        if untrack(|| cell.is_dirty()) && !order.iter().any(|other| other.id == cell.id) {
            order.insert(at.min(order.len()), cell.clone());
        }
    }
    if changed {
        sheet.cells.set(order);
    }
}

/// Follows a cell's run when it is still open.
pub(crate) fn resume(sheet: Sheet, cell: &CellState) {
    let has_id = cell
        .run
        .facts
        .with_untracked(|facts| facts.as_ref().is_some_and(|facts| !facts.id.is_empty()));
    if has_id && cell.run.is_open_untracked() {
        let cell = cell.clone();
        task::spawn(async move {
            running::follow(sheet, &cell).await;
        });
    }
}
