//! The islands of the loaded page.

use leptos::mount::hydrate_from;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;

/// One island's element and what the server wrote beside it.
pub(crate) struct Found {
    /// Which island.
    pub(crate) name: String,
    element: web_sys::HtmlElement,
    props: String,
}

impl Found {
    /// Hydrates it with the view that `view` makes from its properties.
    pub(crate) fn take_over<P: DeserializeOwned + 'static, V: IntoView + 'static>(self, view: impl FnOnce(P) -> V + 'static) {
        if let Ok(props) = serde_json::from_str::<P>(&self.props) {
            hydrate_from(self.element, move || view(props)).forget();
        }
    }
}

/// Every island, in document order.
pub(crate) fn all() -> Vec<Found> {
    let Some(list) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector_all("[data-island]").ok())
    else {
        return Vec::new();
    };
    let elements = (0..list.length())
        .filter_map(|at| list.item(at))
        .filter_map(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
    elements
        .map(|element| Found {
            name: element.get_attribute("data-island").unwrap_or_default(),
            props: element
                .next_element_sibling()
                .and_then(|block| block.text_content())
                .unwrap_or_default(),
            element,
        })
        .collect()
}
