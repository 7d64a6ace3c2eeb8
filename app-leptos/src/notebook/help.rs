//! The keys, as a panel.

use leptos::prelude::*;

use super::shortcuts::{Mode, SHORTCUTS, words};
use crate::browser::page;
use crate::icon::{Glyph, icon};

/// Shown on `?` or from the toolbar; Escape closes it.
#[component]
pub(crate) fn Help(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    Effect::new(move |_| {
        if open.get() {
            page::focus("help-close");
        }
    });
    let close = move |event: leptos::web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            open.set(false);
        }
    };
    let rows = |mode: Mode| {
        SHORTCUTS
            .iter()
            .filter(move |row| row.mode == mode)
            .map(|row| {
                let keys = words(row.keys).into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view();
                view! { <div class="key-row"><dt>{keys}</dt><dd>{row.title}</dd></div> }
            })
            .collect_view()
    };
    view! {
        <Show when=move || open.get()>
            <div class="help" role="dialog" aria-modal="false" aria-labelledby="help-title" on:keydown=close>
                <div class="help-head">
                    <h2 id="help-title">"Keys"</h2>
                    <button type="button" id="help-close" class="button quiet square" aria-label="Close" on:click=move |_| open.set(false)>{icon(Glyph::Cross)}</button>
                </div>
                <h3>"Anywhere in a cell"</h3>
                <dl>{rows(Mode::Both)}</dl>
                <h3>"With a cell selected"</h3>
                <dl>{rows(Mode::Command)}</dl>
                <h3>"In the text"</h3>
                <dl>{rows(Mode::Edit)}</dl>
                <p class="caption">"On a Mac, Ctrl is also ⌘."</p>
            </div>
        </Show>
    }
}
