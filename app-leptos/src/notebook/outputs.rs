//! What a run showed, in order.

use leptos::prelude::*;

use super::run_state::{Piece, RunState, Shown};
use crate::output::around::Around;
use crate::output::stream::Stream;
use crate::output::{bundle, failure};

/// The outputs of a run; nothing at all without any.
#[component]
pub(crate) fn Outputs(
    /// The run.
    run: RunState,
    /// Where they are shown.
    around: Around,
    /// Says whose outputs these are.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let is_truncated = {
        let facts = run.facts.clone();
        move || facts.with(|facts| facts.as_ref().is_some_and(|facts| facts.truncated))
    };
    let shown = run.shown.clone();
    let is_empty = {
        let shown = run.shown.clone();
        move || shown.with(Vec::is_empty)
    };
    view! {
        <div class="outputs" role="group" aria-label=label class:outputs-empty=is_empty>
            <For each=move || shown.get() key=|shown| shown.key children=move |shown| piece(shown, around)/>
            <Show when=is_truncated>
                <p class="note">"Output past the limit was dropped. What is shown is complete up to there."</p>
            </Show>
        </div>
    }
}

fn piece(shown: Shown, around: Around) -> AnyView {
    match shown.piece {
        Piece::Text { is_error, text } => view! { <Stream text is_error/> }.into_any(),
        Piece::Bundle { data, is_value, .. } => (move || data.with(|data| bundle::bundle(data, is_value, around))).into_any(),
        Piece::Failure(error) => failure::failure(&error, around).into_any(),
    }
}
