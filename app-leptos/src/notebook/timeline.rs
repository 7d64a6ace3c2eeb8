//! The timeline: the thread with one knot for each checkpoint, newest first, down to the empty kernel.

use leptos::prelude::*;
use selvedge_contract::{Checkpoint, Status};

use super::Sheet;
use super::history::{self, Change};
use crate::ask::Refusal;
use crate::browser::{page, task};
use crate::icon::{Glyph, icon};
use crate::measure;

/// The panel's inside.
#[component]
pub(crate) fn Timeline(
    /// The notebook.
    sheet: Sheet,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        task::spawn(async move {
            let answer = history::refresh(sheet).await;
            problem.try_set(answer.err().map(|Refusal(why)| why));
        });
    });
    let knots = move || {
        sheet.history.with(|history| {
            let history = history.as_ref()?;
            let knots = history
                .items
                .iter()
                .map(|item| knot(sheet, item, item.number == history.current, problem))
                .collect_view();
            Some(view! {
                <ol class="knots">
                    {knots}
                    {empty(sheet, history.current == 0)}
                </ol>
            })
        })
    };
    view! {
        <p class="caption">"One knot for what the kernel was after each cell: its variables and files. Going back is a step of its own, and can be undone the same way."</p>
        {move || problem.get().map(|why| view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{why}</span></p> })}
        {knots}
        <p class="drawer-foot">
            <button type="button" class="button" disabled=move || !sheet.may_edit || sheet.is_busy() on:click=move |_| sheet.change.set(Some(Change::Restart))>
                {icon(Glyph::Restart)}<span>"Restart"</span>
            </button>
        </p>
    }
}

fn knot(sheet: Sheet, item: &Checkpoint, is_now: bool, problem: RwSignal<Option<String>>) -> impl IntoView + use<> {
    let number = item.number;
    let before = item.parent.unwrap_or(0);
    let state = match (is_now, item.applied) {
        (true, _) => "now",
        (false, true) => "past",
        (false, false) => "undone",
    };
    let mut facts = vec![page::local_time(&item.at)];
    match (is_now, item.applied) {
        (true, _) => facts.push("the kernel now".to_owned()),
        (false, false) => facts.push("undone".to_owned()),
        (false, true) => {}
    }
    if item.status == Some(Status::Failed) {
        facts.push("the cell failed".to_owned());
    }
    facts.push(measure::bytes(item.bytes));
    let names = item
        .names
        .iter()
        .map(|name| view! { <span class="tag">{name.clone()}</span> })
        .collect_view();
    let title = move || capital(history::place(sheet, number));
    let is_locked = move || !sheet.may_edit || sheet.is_busy();
    let back = (!is_now).then(|| rewind_button(sheet, number, "Go back to here"));
    // Before a cell that is undone lies where its branch began.
    let before = item.cell.is_some().then(|| rewind_button(sheet, before, "Before this cell"));
    view! {
        <li class="knot" data-knot=state aria-current=is_now.then_some("step")>
            <p class="knot-title"><strong>{title}</strong>{names}</p>
            <p class="caption number">{facts.join(" · ")}</p>
            <p class="knot-choice">
                {back}
                {before}
                <button type="button" class="button quiet" disabled=is_locked on:click=move |_| history::fork(sheet, number, problem)>{icon(Glyph::GitFork)}<span>"Fork"</span></button>
            </p>
        </li>
    }
}

fn empty(sheet: Sheet, is_now: bool) -> impl IntoView + use<> {
    view! {
        <li class="knot" data-knot=if is_now { "now" } else { "past" } aria-current=is_now.then_some("step")>
            <p class="knot-title"><strong>"The empty kernel"</strong></p>
            <p class="caption">{if is_now { "the kernel now" } else { "before the first cell" }}</p>
            {(!is_now).then(|| view! { <p class="knot-choice">{rewind_button(sheet, 0, "Go back to here")}</p> })}
        </li>
    }
}

fn rewind_button(sheet: Sheet, number: u64, words: &'static str) -> impl IntoView + use<> {
    let is_locked = move || !sheet.may_edit || sheet.is_busy();
    view! {
        <button type="button" class="button quiet" disabled=is_locked on:click=move |_| sheet.change.set(Some(Change::Rewind(number)))>{words}</button>
    }
}

fn capital(words: String) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
