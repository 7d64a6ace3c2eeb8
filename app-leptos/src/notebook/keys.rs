//! From keys to actions.

use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;

use super::arranging::{self, Side, Then};
use super::cell_state::CellState;
use super::drawer::{self, Panel};
use super::history::{self, Change};
use super::shortcuts::{self, Action, Pressed};
use super::{Sheet, running, saving};
use crate::browser::page;

/// A key was pressed somewhere in the notebook, and nobody inside took it.
pub(crate) fn press(sheet: Sheet, event: &KeyboardEvent) {
    if event.default_prevented() || page::takes_text(event) {
        return;
    }
    let name = name(event);
    // Enter and Space belong to a focused button; single letters do not.
    if page::is_control(event) && (name == "Enter" || name == " ") {
        return;
    }
    let pending = sheet.pending_key.get_value();
    sheet.pending_key.set_value(None);
    match shortcuts::command(pending.as_deref(), &name) {
        Pressed::Act(action) => {
            if let Some(cell) = sheet.current() {
                event.prevent_default();
                act(sheet, &cell, action, Then::Select);
            } else if action == Action::Help {
                sheet.help.set(true);
            }
        }
        Pressed::Begins => sheet.pending_key.set_value(Some(name)),
        Pressed::Nothing => {}
    }
}

fn name(event: &KeyboardEvent) -> String {
    let mut key = event.key();
    // Caps Lock changes no meaning; Shift does.
    if key.len() == 1 && !event.shift_key() {
        key.make_ascii_lowercase();
    }
    let mut name = String::new();
    if event.ctrl_key() || event.meta_key() {
        name.push_str("Accel+");
    }
    if event.alt_key() {
        name.push_str("Alt+");
    }
    // Shift is part of a letter or sign already.
    if event.shift_key() && key.chars().count() > 1 {
        name.push_str("Shift+");
    }
    name + &key
}

/// A key that the editor handed on.
pub(crate) fn from_editor(sheet: Sheet, cell: &CellState, kind: &str) {
    let action = match kind {
        "run-next" => Action::RunNext,
        "run" => Action::Run,
        "run-insert" => Action::RunInsert,
        "command" => Action::Command,
        "save" => Action::Save,
        // At an edge of the text, the caret goes on into the neighbour.
        "previous" => Action::Up,
        "next" => Action::Down,
        _ => return,
    };
    act(sheet, cell, action, Then::Edit);
}

/// Does it. `then` is where the focus goes on: in texts or on cells.
fn act(sheet: Sheet, cell: &CellState, action: Action, then: Then) {
    match action {
        Action::Run => running::run(sheet, cell),
        Action::RunNext => {
            running::run(sheet, cell);
            if !arranging::step(sheet, cell, 1, Then::Select) {
                arranging::add_beside(sheet, cell, Side::Below, Then::Edit);
            }
        }
        Action::RunInsert => {
            running::run(sheet, cell);
            arranging::add_beside(sheet, cell, Side::Below, Then::Edit);
        }
        Action::Edit => arranging::select(sheet, cell, Then::Edit),
        Action::Command => arranging::select(sheet, cell, Then::Select),
        Action::Up => {
            arranging::step(sheet, cell, -1, then);
        }
        Action::Down => {
            arranging::step(sheet, cell, 1, then);
        }
        Action::InsertAbove => arranging::add_beside(sheet, cell, Side::Above, Then::Select),
        Action::InsertBelow => arranging::add_beside(sheet, cell, Side::Below, Then::Select),
        Action::Remove => arranging::remove(sheet, cell),
        Action::BringBack => arranging::bring_back(sheet),
        Action::Interrupt => running::interrupt(sheet),
        Action::Undo => history::ask_to_undo(sheet),
        Action::Timeline => drawer::toggle(sheet, Panel::Timeline),
        Action::Variables => drawer::toggle(sheet, Panel::Variables),
        Action::Restart if sheet.may_edit => sheet.change.set(Some(Change::Restart)),
        Action::Restart | Action::Complete | Action::Explain => {}
        Action::Save => saving::flush(sheet),
        Action::Help => sheet.help.set(true),
    }
}
