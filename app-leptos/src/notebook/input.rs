//! The line that a running cell waits for: `input()` and `getpass()`.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use selvedge_contract::RunAccepted;
use serde_json::json;

use super::Sheet;
use super::cell_state::CellState;
use crate::ask::{Refusal, ask};
use crate::browser::fetch::Ask;
use crate::browser::{page, task};
use crate::icon::{Glyph, icon};

/// Ends the input, as on a terminal.
const END: &str = "\u{4}";

/// A field under the cell while it waits.
#[component]
pub(crate) fn InputLine(
    /// The notebook.
    sheet: Sheet,
    /// The cell.
    cell: CellState,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let is_sending = RwSignal::new(false);
    let id = StoredValue::new(format!("input-{}", cell.id));
    let asked = cell.run.input.clone();
    let run = cell.run.facts.clone();

    let send = Callback::new(move |text: String| {
        let Some(run) = run.with_untracked(|facts| facts.as_ref().map(|facts| facts.id.clone())) else {
            return;
        };
        if is_sending.get_untracked() {
            return;
        }
        is_sending.set(true);
        problem.set(None);
        task::spawn(async move {
            let answer = ask::<RunAccepted>(Ask {
                method: "POST",
                path: &format!("/api/v1/runs/{run}/input"),
                body: Some(json!({ "text": text }).to_string()),
                ..Ask::default()
            })
            .await;
            is_sending.try_set(false);
            match answer {
                Ok(_) => {
                    typed.try_set(String::new());
                }
                Err(Refusal(why)) => {
                    problem.try_set(Some(format!("Not sent. {why}")));
                }
            }
        });
    });

    // Whoever looks at this cell, or at nothing in particular, goes on typing here.
    let (hears, of) = (asked.clone(), cell.id.clone());
    Effect::new(move |_| {
        let Some(request) = hears.get() else { return };
        sheet.said.set(format!(
            "Cell {} waits for a line: {}",
            untrack(|| sheet.number(&of)),
            request.prompt
        ));
        if untrack(|| sheet.selected.get()).as_deref() == Some(&*of) {
            let id = id.get_value();
            task::spawn(async move {
                // The field is made by the page after this.
                task::sleep(0).await;
                page::focus(&id);
            });
        }
    });

    let field = move |prompt: String, password: bool| {
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            send.run(typed.get_untracked());
        };
        let press = move |event: KeyboardEvent| {
            if event.ctrl_key() && event.key().eq_ignore_ascii_case("d") {
                event.prevent_default();
                send.run(END.to_owned());
            }
        };
        let label = if prompt.trim().is_empty() {
            "The cell waits for a line".to_owned()
        } else {
            prompt
        };
        view! {
            <form class="input-line" on:submit=submit>
                <label for=id.get_value()>{label}</label>
                <input class="input" id=id.get_value() type=if password { "password" } else { "text" } autocomplete="off" autocapitalize="off" spellcheck="false"
                    prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event)) on:keydown=press/>
                <button type="submit" class="button" disabled=move || is_sending.get()>"Send"</button>
                <button type="button" class="button quiet" title="End of the input (Ctrl D)" disabled=move || is_sending.get() on:click=move |_| send.run(END.to_owned())>"End input"</button>
            </form>
        }
    };
    let is_asked = {
        let run = cell.run.clone();
        Memo::new(move |_| run.input.get().filter(|_| sheet.may_edit && run.is_open()))
    };
    view! {
        {move || is_asked.get().map(|request| field(request.prompt, request.password))}
        {move || problem.get().map(|why| view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{why}</span></p> })}
    }
}
