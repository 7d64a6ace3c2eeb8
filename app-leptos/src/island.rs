//! Islands: parts of a server-rendered page that a browser takes over. The server writes `<div data-island="name">` with the view inside and
//! its properties as a JSON data block right after; the browser reads them and hydrates in place. Everything else on a page costs no code.

use leptos::prelude::*;
use serde::Serialize;

/// A view with what the browser needs to take it over. `view` has one root element and is the same on both sides.
pub(crate) fn island<P: Serialize, V: IntoView + 'static>(name: &'static str, props: &P, view: V) -> impl IntoView + use<P, V> {
    let data = data_block(props);
    view! {
        <div class="island" data-island=name>
            {view}
        </div>
        <script type="application/json" inner_html=data></script>
    }
}

/// An island whose first look is known beforehand: `html` is what its view renders to.
pub(crate) fn known_island<P: Serialize>(name: &'static str, props: &P, html: &'static str) -> impl IntoView + use<P> {
    let data = data_block(props);
    view! {
        <div class="island" data-island=name inner_html=html></div>
        <script type="application/json" inner_html=data></script>
    }
}

/// JSON that is safe inside `<script>`: a `<` can only stand inside a string there, where it can be escaped.
fn data_block<P: Serialize>(props: &P) -> String {
    serde_json::to_string(props)
        .unwrap_or_else(|_| "null".to_owned())
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
}

/// Takes over every island on the page.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    use crate::browser::islands;
    use crate::{dashboard, landing, notebook};

    for found in islands::all() {
        match found.name.as_str() {
            landing::first_look::ISLAND => found.take_over(|visitor| view! { <landing::trial::Trial visitor/> }),
            dashboard::make::ISLAND => found.take_over(|place| view! { <dashboard::make::MakeNotebook place/> }),
            dashboard::keys::ISLAND => found.take_over(|of| view! { <dashboard::keys::Keys of/> }),
            notebook::ISLAND => found.take_over(|opened| view! { <notebook::Notebook opened/> }),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_close_the_data_block() {
        let block = data_block(&"</script><script>alert(1)</script>");
        assert!(!block.contains('<'), "{block}");
        assert_eq!(
            serde_json::from_str::<String>(&block).unwrap(),
            "</script><script>alert(1)</script>"
        );
    }
}
