//! Calm lines under the toolbar: the connection, what went wrong, what can be undone.

use leptos::prelude::*;

use super::{Sheet, arranging, history};
use crate::icon::{Glyph, icon};

/// All of them; nothing most of the time.
#[component]
pub(crate) fn Notices(
    /// The notebook.
    sheet: Sheet,
) -> impl IntoView {
    view! {
        <div class="notices">
            <p class="notice app-failed">{icon(Glyph::CircleAlert)}<span>"The page's program could not be loaded. What you see is what is stored; reload to edit and run."</span></p>
            // As text: with scripts on, browsers do not parse what stands in here.
            <noscript inner_html="<p class=notice>Reading works without JavaScript; editing and running need it.</p>"></noscript>
            <div role="status">
                <Show when=move || sheet.is_cut_off.get()>
                    <p class="notice">{icon(Glyph::CloudOff)}<span>"Connection lost. Your text is kept here; reconnecting."</span></p>
                </Show>
            </div>
            <div role="alert">
                {move || sheet.problem.get().map(|problem| view! {
                    <p class="notice notice-danger">
                        {icon(Glyph::CircleAlert)}
                        <span>{problem}</span>
                        <button type="button" class="button quiet square" aria-label="Dismiss" on:click=move |_| sheet.problem.set(None)>{icon(Glyph::Cross)}</button>
                    </p>
                })}
            </div>
            {move || sheet.came_from.get().map(|_| view! {
                <p class="notice">
                    <span>"The kernel went back. Cells whose results it no longer has are marked as undone."</span>
                    <button type="button" class="button" on:click=move |_| history::bring_back(sheet)>{icon(Glyph::Undo)}"Take that back"</button>
                    <button type="button" class="button quiet square" aria-label="Dismiss" on:click=move |_| sheet.came_from.set(None)>{icon(Glyph::Cross)}</button>
                </p>
            })}
            {move || sheet.removed.get().map(|_| view! {
                <p class="notice">
                    <span>"Cell removed."</span>
                    <button type="button" class="button" on:click=move |_| arranging::bring_back(sheet)>{icon(Glyph::Undo)}"Bring it back"</button>
                    <button type="button" class="button quiet square" aria-label="Dismiss" on:click=move |_| sheet.removed.set(None)>{icon(Glyph::Cross)}</button>
                </p>
            })}
        </div>
    }
}
