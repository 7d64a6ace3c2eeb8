//! HTML that a guest made: only in a frame out of our origin, where none of its scripts run (`pages/frame.rs`).

use leptos::prelude::*;

/// The frame. It tells its height to `bridge.js`; until then and without scripts it has ours.
pub(super) fn frame(html: String) -> AnyView {
    view! { <iframe class="frame" title="HTML output" sandbox="allow-scripts" name=html src="/frame"></iframe> }.into_any()
}
