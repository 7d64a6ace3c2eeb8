//! Before the kernel becomes something else: what changes, what stays, and how to come back.

use leptos::prelude::*;

use super::history::{self, Change};
use super::{Sheet, drawer};
use crate::browser::{page, task};
use crate::icon::{Glyph, icon};

const ID: &str = "change";

/// The question, while there is one.
#[component]
pub(crate) fn Confirm(
    /// The notebook.
    sheet: Sheet,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let differs = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    Effect::new(move |_| {
        problem.set(None);
        differs.set(None);
        match sheet.change.get() {
            Some(change) => {
                page::open_dialog(ID);
                if let Change::Rewind(number) = change {
                    task::spawn(async move {
                        let found = history::difference(sheet, number).await;
                        if sheet.change.get_untracked() == Some(change) {
                            differs.set(found);
                        }
                    });
                }
            }
            None => page::close_dialog(ID),
        }
    });
    let go = move |_| {
        let Some(change) = sheet.change.get_untracked() else { return };
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        problem.set(None);
        task::spawn(async move {
            match history::make(sheet, change).await {
                Ok(()) => {
                    sheet.change.set(None);
                    // What was pressed may be gone from the timeline.
                    drawer::focus(sheet);
                }
                Err(why) => problem.set(Some(why)),
            }
            is_busy.set(false);
        });
    };
    let words = Memo::new(move |_| sheet.change.get().map(|change| words(sheet, change)).unwrap_or_default());
    view! {
        <dialog id=ID class="dialog" aria-labelledby="change-title" aria-describedby="change-what" on:close=move |_| sheet.change.set(None)>
            <h2 id="change-title">{move || words.with(|words| words.title.clone())}</h2>
            <div id="change-what">
                <p>{move || words.with(|words| words.what.clone())}</p>
                <p>{move || words.with(|words| words.back.clone())}</p>
                {move || differs.get().map(|words| view! { <p class="caption">{words}</p> })}
            </div>
            {move || problem.get().map(|why| view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{why}</span></p> })}
            <p class="dialog-choice">
                <button type="button" class="button primary" disabled=move || is_busy.get() on:click=go>{move || words.with(|words| words.button)}</button>
                <button type="button" class="button" on:click=move |_| sheet.change.set(None)>"Leave it"</button>
            </p>
        </dialog>
    }
}

/// The question's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Words {
    title: String,
    what: String,
    back: String,
    button: &'static str,
}

fn words(sheet: Sheet, change: Change) -> Words {
    match change {
        Change::Rewind(number) => {
            let place = history::place(sheet, number);
            let lost = history::undone_by(sheet, number);
            let is_undo = sheet.history.with(|history| history.as_ref().is_some_and(|history| history.undo == Some(number)));
            let title = match (&*lost, is_undo) {
                ([one], true) => format!("Undo cell {one}?"),
                (_, true) => "Undo the last cell?".to_owned(),
                (_, false) => format!("Go back to {place}?"),
            };
            let became = if number == 0 {
                "Variables and files go: the kernel becomes empty.".to_owned()
            } else {
                format!("Variables and files become what they were {place}.")
            };
            Words {
                title,
                what: format!("{became} {}", marked(&lost)),
                back: "Nothing is lost: what the kernel is now stays in the timeline, and you can go back to it there.".to_owned(),
                button: if is_undo { "Undo" } else { "Go back" },
            }
        }
        Change::Restart => Words {
            title: "Restart the kernel?".to_owned(),
            what: "Variables and files go, and the timeline begins anew. Cells, their text and what they showed stay.".to_owned(),
            back: "There is no way back to what the kernel is now. To keep it, fork it first, or go back to the empty kernel in the timeline instead.".to_owned(),
            button: "Restart",
        },
    }
}

fn marked(lost: &[usize]) -> String {
    let names: Vec<String> = lost.iter().map(ToString::to_string).collect();
    match &*names {
        [] => "No cell's text changes.".to_owned(),
        [one] => format!("Cell {one} keeps its text and what it showed, marked as undone."),
        [first @ .., last] => format!(
            "Cells {} and {last} keep their text and what they showed, marked as undone.",
            first.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_the_cells() {
        assert_eq!(marked(&[]), "No cell's text changes.");
        assert_eq!(marked(&[3]), "Cell 3 keeps its text and what it showed, marked as undone.");
        assert!(marked(&[1, 2, 4]).starts_with("Cells 1, 2 and 4 keep"));
    }
}
