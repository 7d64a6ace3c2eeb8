//! Beside each cell: its button, and quietly its state, time, fuel and cost.

use leptos::prelude::*;
use selvedge_contract::Status;

use super::cell_state::{CellState, Saving};
use super::{Sheet, running};
use crate::browser::task;
use crate::icon::{Glyph, icon};
use crate::measure;

/// The gutter of a cell.
#[component]
pub(crate) fn Gutter(
    /// The notebook.
    sheet: Sheet,
    /// The cell.
    cell: CellState,
) -> impl IntoView {
    let is_open = {
        let cell = cell.clone();
        Memo::new(move |_| cell.run.is_open())
    };
    let press = {
        let cell = cell.clone();
        move |_| {
            if cell.run.is_open_untracked() {
                running::cancel(sheet, &cell)
            } else {
                running::run(sheet, &cell)
            }
        }
    };
    let id = cell.id.clone();
    let label = move || format!("{} cell {}", if is_open.get() { "Stop" } else { "Run" }, sheet.number(&id));
    let glyph = move || icon(if is_open.get() { Glyph::Square } else { Glyph::Play });
    view! {
        <div class="gutter">
            <button type="button" class="button square run" aria-label=label disabled=!sheet.may_edit on:click=press>{glyph}</button>
            <Figures sheet cell/>
        </div>
    }
}

/// State, time, fuel, cost.
#[component]
fn Figures(sheet: Sheet, cell: CellState) -> impl IntoView {
    let state = {
        let cell = cell.clone();
        move || state_word(sheet, &cell)
    };
    let facts = cell.run.facts;
    let figure = move |of: fn(&super::run_state::Facts) -> Option<String>| {
        let facts = facts.clone();
        move || facts.with(|facts| facts.as_ref().and_then(of))
    };
    let time = figure(|facts| facts.duration_ms.map(measure::duration));
    let fuel = figure(|facts| facts.fuel.map(|fuel| format!("{} fuel", measure::fuel(fuel))));
    let cost = figure(|facts| facts.cost.map(|cost| format!("{} cr", measure::credits(cost))));
    view! {
        <p class="figures">
            <span class="figure-state">{state}</span>
            <span class="figure">{time}</span>
            <span class="figure figure-quiet">{fuel}</span>
            <span class="figure figure-quiet">{cost}</span>
        </p>
    }
}

fn state_word(sheet: Sheet, cell: &CellState) -> String {
    match cell.saving.get() {
        Saving::Waiting => return "Not saved yet".to_owned(),
        Saving::Refused(_) => return "Not saved".to_owned(),
        Saving::Conflict(_) => return "Two versions".to_owned(),
        Saving::Idle | Saving::Busy => {}
    }
    let Some((status, began)) = cell
        .run
        .facts
        .with(|facts| facts.as_ref().map(|facts| (facts.status, facts.began_ms)))
    else {
        return String::new();
    };
    if status.is_final() && cell.is_stale() {
        return "Edited".to_owned();
    }
    if status.is_final() && cell.undone.get() {
        return "Undone".to_owned();
    }
    match status {
        Status::Queued => "Queued".to_owned(),
        Status::Running => {
            sheet.second.track();
            let seconds = if began > 0.0 { whole_seconds(task::now_ms() - began) } else { 0 };
            if seconds == 0 {
                "Running".to_owned()
            } else {
                format!("Running {seconds} s")
            }
        }
        Status::Succeeded => "Done".to_owned(),
        Status::Failed => "Failed".to_owned(),
        Status::TimedOut => "Time limit".to_owned(),
        Status::Cancelled => "Stopped".to_owned(),
        Status::Lost => "Lost, not billed".to_owned(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a short non-negative time, saturating"
)]
fn whole_seconds(ms: f64) -> u64 {
    (ms / 1_000.0).max(0.0) as u64
}
