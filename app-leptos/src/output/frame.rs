//! HTML that a guest made: only in a frame without scripts, forms, or our origin. The frame inherits the page's policy besides.

use leptos::prelude::*;

/// The frame. Its height is ours, because nothing inside can tell it; people can drag it larger.
pub(super) fn frame(html: String) -> AnyView {
    view! { <iframe class="frame" title="HTML output" sandbox="" srcdoc=html></iframe> }.into_any()
}
