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
    // Neighbouring rows that do the same share a line.
    let rows = |mode: Mode| {
        let here: Vec<_> = SHORTCUTS.iter().filter(|row| row.mode == mode).collect();
        let lines = here.chunk_by(|a, b| a.action == b.action).filter_map(|same| {
            let title = same.first()?.title;
            let keys = same
                .iter()
                .flat_map(|row| words(row.keys))
                .map(|key| view! { <kbd>{key}</kbd> })
                .collect_view();
            Some(view! { <div class="key-row"><dt>{keys}</dt><dd>{title}</dd></div> })
        });
        lines.collect_view()
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
