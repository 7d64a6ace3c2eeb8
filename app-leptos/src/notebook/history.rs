//! The kernel's checkpoints: what it was after each cell, and going back there. A rewind is a checkpoint itself, so there is always a way back.

use leptos::prelude::*;
use selvedge_contract::{Checkpoint, CheckpointDiff, Checkpoints, ForkNotebook, Notebook, RewindKernel};

use super::{Sheet, variables};
use crate::ask::{Refusal, ask};
use crate::browser::fetch::Ask;
use crate::browser::{page, task};
use crate::measure;

/// What somebody wants the kernel to become, before they have confirmed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// What it was at this checkpoint; 0 is empty.
    Rewind(u64),
    /// Empty, with nothing of its history.
    Restart,
}

/// Asks for the checkpoints. Without an answer what is known stays, and the sentence says why.
pub(crate) async fn refresh(sheet: Sheet) -> Result<(), Refusal> {
    let found = ask::<Checkpoints>(Ask {
        method: "GET",
        path: &format!("{}/kernel/checkpoints", sheet.path()),
        ..Ask::default()
    })
    .await?;
    take(sheet, found);
    Ok(())
}

/// The same where nothing depends on it: the timeline says why when it is opened.
pub(crate) async fn keep_up(sheet: Sheet) {
    let _ = refresh(sheet).await;
}

/// Takes the checkpoints over and tells cells whose result the kernel no longer has.
fn take(sheet: Sheet, found: Checkpoints) {
    for cell in sheet.cells.get_untracked() {
        let run = cell
            .run
            .facts
            .with_untracked(|facts| facts.as_ref().map(|facts| (facts.id.clone(), facts.checkpoint)));
        let Some((run, left)) = run else { continue };
        let item = found.items.iter().find(|item| item.run.as_deref() == Some(&*run));
        if let Some(item) = item.filter(|item| Some(item.number) != left) {
            cell.run.facts.update(|facts| {
                if let Some(facts) = facts {
                    facts.checkpoint = Some(item.number);
                }
            });
        }
        cell.undone.set(is_undone(&found, item, left));
    }
    sheet.history.set(Some(found));
}

/// Is what a run left no part of what the kernel is now? `item`: the checkpoint that it left; `left`: its number, when it left one.
fn is_undone(found: &Checkpoints, item: Option<&Checkpoint>, left: Option<u64>) -> bool {
    match (item, left) {
        (Some(item), _) => !item.applied,
        // Left nothing, so there is nothing to miss.
        (None, None) => false,
        // Older than what is kept: part of everything that came after. Otherwise the kernel began anew.
        (None, Some(left)) => found.items.last().is_none_or(|oldest| left > oldest.number),
    }
}

/// Does it, after it was confirmed. The answer is the sentence why not.
pub(crate) async fn make(sheet: Sheet, change: Change) -> Result<(), String> {
    let before = sheet
        .history
        .with_untracked(|history| history.as_ref().map(|history| history.current));
    let (path, body) = match change {
        Change::Rewind(number) => ("rewind", serde_json::to_string(&RewindKernel { number }).ok()),
        Change::Restart => ("restart", None),
    };
    let found = ask::<Checkpoints>(Ask {
        method: "POST",
        path: &format!("{}/kernel/{path}", sheet.path()),
        body,
        ..Ask::default()
    })
    .await
    .map_err(|Refusal(why)| why)?;
    take(sheet, found);
    sheet
        .came_from
        .set(before.filter(|before| *before > 0 && matches!(change, Change::Rewind(_))));
    sheet.said.set(match change {
        Change::Rewind(_) => "The kernel is what it was. Cells whose results it no longer has are marked as undone.".to_owned(),
        Change::Restart => "The kernel is empty.".to_owned(),
    });
    variables::refresh_when_open(sheet);
    Ok(())
}

/// Back to what the kernel was before the last rewind.
pub(crate) fn bring_back(sheet: Sheet) {
    let Some(number) = sheet.came_from.get_untracked() else { return };
    task::spawn(async move {
        match make(sheet, Change::Rewind(number)).await {
            Ok(()) => sheet.came_from.set(None),
            Err(why) => sheet.problem.set(Some(why)),
        }
    });
}

/// Puts the undo of the last cell before the person. It asks first: what was known may be from before that cell.
pub(crate) fn ask_to_undo(sheet: Sheet) {
    if !sheet.may_edit {
        return;
    }
    if untrack(|| sheet.is_busy()) {
        sheet.said.set("A cell is running. Stop it first, or wait for its end.".to_owned());
        return;
    }
    task::spawn(async move {
        if let Err(Refusal(why)) = refresh(sheet).await {
            sheet.problem.set(Some(why));
            return;
        }
        let undo = sheet
            .history
            .with_untracked(|history| history.as_ref().and_then(|history| history.undo));
        match undo {
            Some(number) => sheet.change.set(Some(Change::Rewind(number))),
            None => sheet
                .said
                .set("There is nothing to undo: no cell has changed the kernel.".to_owned()),
        }
    });
}

/// Makes a notebook whose kernel begins with a checkpoint of this one, and goes there.
pub(crate) fn fork(sheet: Sheet, number: u64, problem: RwSignal<Option<String>>) {
    problem.set(None);
    task::spawn(async move {
        let body = serde_json::to_string(&ForkNotebook {
            name: None,
            number: Some(number),
        })
        .ok();
        match ask::<Notebook>(Ask {
            method: "POST",
            path: &format!("{}/fork", sheet.path()),
            body,
            ..Ask::default()
        })
        .await
        {
            Ok(made) => page::go(&format!("/notebooks/{}", made.id)),
            Err(Refusal(why)) => {
                problem.try_set(Some(format!("No notebook was made. {why}")));
            }
        }
    });
}

/// What differs between a checkpoint and what the kernel is now, in words; none when it cannot be told.
pub(crate) async fn difference(sheet: Sheet, number: u64) -> Option<String> {
    let current = sheet
        .history
        .with_untracked(|history| history.as_ref().map(|history| history.current))?;
    if number == 0 || number == current {
        return None;
    }
    let diff = ask::<CheckpointDiff>(Ask {
        method: "GET",
        path: &format!("{}/kernel/diff?a={number}&b={current}", sheet.path()),
        ..Ask::default()
    })
    .await
    .ok()?;
    let files = if diff.files { ", and files" } else { "; no files" };
    Some(format!("What differs: {} of memory{files}.", measure::bytes(diff.pages * 4_096)))
}

/// `After cell 3`, `The empty kernel`.
pub(crate) fn place(sheet: Sheet, number: u64) -> String {
    if number == 0 {
        return "the empty kernel".to_owned();
    }
    let cell = sheet.history.with(|history| {
        let item = history.as_ref()?.items.iter().find(|item| item.number == number)?;
        item.cell.clone()
    });
    match cell.map(|cell| sheet.number(&cell)) {
        Some(0) => "after a cell that was removed".to_owned(),
        Some(number) => format!("after cell {number}"),
        None => "a state from elsewhere".to_owned(),
    }
}

/// The cells, by place, whose results the kernel loses by going back to a checkpoint.
pub(crate) fn undone_by(sheet: Sheet, to: u64) -> Vec<usize> {
    let runs: Vec<String> = sheet.history.with(|history| {
        let items = history.as_ref().map(|history| history.items.as_slice()).unwrap_or_default();
        let lost = items.iter().filter(|item| item.applied && item.number > to);
        lost.filter_map(|item| item.run.clone()).collect()
    });
    sheet.cells.with(|cells| {
        let lost = |cell: &super::cell_state::CellState| {
            cell.run
                .facts
                .with(|facts| facts.as_ref().is_some_and(|facts| runs.contains(&facts.id)))
        };
        cells
            .iter()
            .zip(1..)
            .filter(|(cell, _)| lost(cell))
            .map(|(_, place)| place)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: u64, applied: bool) -> Checkpoint {
        Checkpoint {
            number,
            at: String::new(),
            parent: None,
            applied,
            run: None,
            cell: None,
            status: None,
            names: Vec::new(),
            bytes: 0,
        }
    }

    #[test]
    fn a_cell_is_undone_when_the_kernel_no_longer_has_what_it_left() {
        let found = Checkpoints {
            current: 7,
            undo: None,
            items: vec![item(7, true), item(6, false), item(5, true)],
        };
        assert!(!is_undone(&found, found.items.first(), None));
        assert!(is_undone(&found, found.items.get(1), Some(6)));
        assert!(!is_undone(&found, None, None), "it left nothing");
        assert!(!is_undone(&found, None, Some(2)), "older than what is kept");
        let empty = Checkpoints {
            current: 0,
            undo: None,
            items: Vec::new(),
        };
        assert!(is_undone(&empty, None, Some(2)), "the kernel began anew");
    }
}
