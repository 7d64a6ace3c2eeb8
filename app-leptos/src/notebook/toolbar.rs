//! The notebook's one line of tools.

use leptos::prelude::*;

use super::cell_state::{CellState, Saving};
use super::drawer::{self, Panel};
use super::{Sheet, arranging, history, running};
use crate::icon::{Glyph, icon, mark};
use crate::{measure, theme};

/// The toolbar.
#[component]
pub(crate) fn Toolbar(
    /// The notebook.
    sheet: Sheet,
    /// Its name.
    name: String,
    /// The visitor has no account.
    anonymous: bool,
) -> impl IntoView {
    let is_busy = Memo::new(move |_| sheet.is_busy() || sheet.is_running_all.get());
    let is_stale = Memo::new(move |_| sheet.cells.with(|cells| cells.iter().any(CellState::is_stale)));
    let saved = move || {
        let unsaved = sheet.cells.with(|cells| cells.iter().filter(|cell| cell.is_dirty()).count());
        let any = |wanted: fn(&Saving) -> bool| sheet.cells.with(|cells| cells.iter().any(|cell| cell.saving.with(wanted)));
        match unsaved {
            0 => "Saved".to_owned(),
            _ if any(|saving| matches!(saving, Saving::Refused(_) | Saving::Conflict(_))) => "Not saved".to_owned(),
            n if any(|saving| *saving == Saving::Waiting) => format!("{n} unsaved, kept here"),
            _ => "Saving".to_owned(),
        }
    };
    let can_undo = Memo::new(move |_| {
        sheet.may_edit
            && sheet
                .history
                .with(|history| history.as_ref().is_some_and(|history| history.undo.is_some()))
    });
    let opener = move |panel: Panel, glyph: Glyph, name: &'static str, title: &'static str| {
        let is_open = move || (sheet.panel.get() == Some(panel)).to_string();
        view! {
            <button type="button" class="button quiet square" aria-label=name title=title aria-pressed=is_open on:click=move |_| drawer::toggle(sheet, panel)>{icon(glyph)}</button>
        }
    };
    let balance = move || sheet.account.get().map(|account| measure::balance(account.balance - account.held));
    view! {
        <header class="toolbar">
            <a class="brand" href="/dashboard" aria-label="Selvedge, your notebooks">{mark()}</a>
            <h1 class="notebook-name">{name}</h1>
            {anonymous.then(|| view! { <span class="tag" title="Kept in this browser's name. Without an account, nobody else can open it.">"Scratch"</span> })}
            <span class="saved caption">{saved}</span>
            <div class="tools" role="toolbar" aria-label="Notebook">
                <Show when=move || is_busy.get()
                    fallback=move || view! {
                        <button type="button" class="button primary" disabled=!sheet.may_edit on:click=move |_| running::run_all(sheet)>
                            {icon(Glyph::FastForward)}<span>"Run all"</span>
                        </button>
                    }>
                    <button type="button" class="button danger" on:click=move |_| running::interrupt(sheet)>{icon(Glyph::Square)}<span>"Stop"</span></button>
                </Show>
                <Show when=move || is_stale.get() && !is_busy.get()>
                    <button type="button" class="button stale-button" disabled=!sheet.may_edit on:click=move |_| running::run_stale(sheet)>"Run edited"</button>
                </Show>
                <button type="button" class="button" disabled=!sheet.may_edit on:click=move |_| arranging::add_last(sheet)>
                    {icon(Glyph::Plus)}<span>"Cell"</span>
                </button>
                <button type="button" class="button" title="Undo the last cell (U)" disabled=move || !can_undo.get() || is_busy.get() on:click=move |_| history::ask_to_undo(sheet)>
                    {icon(Glyph::Undo)}<span>"Undo"</span>
                </button>
                {opener(Panel::Timeline, Glyph::History, "Timeline", "Timeline (T)")}
                {opener(Panel::Variables, Glyph::Variable, "Variables", "Variables (N)")}
            </div>
            <p class="balance" title="Credits left in this project">
                {icon(Glyph::Coins)}<span class="number">{balance}</span><span class="unit">" credits"</span>
            </p>
            <button type="button" class="button quiet square" aria-label="Keys" title="Keys (?)" on:click=move |_| sheet.help.update(|open| *open = !*open)>
                {icon(Glyph::Keyboard)}
            </button>
            {theme::switch()}
        </header>
    }
}
