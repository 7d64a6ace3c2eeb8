//! The page around the islands: focus, scrolling, going away and coming back.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

fn document() -> Option<web_sys::Document> {
    web_sys::window().and_then(|window| window.document())
}

/// Focuses the element with this id and brings it into view.
pub(crate) fn focus(id: &str) {
    if let Some(element) = document()
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn dialog(id: &str) -> Option<web_sys::HtmlDialogElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Opens the dialog with this id over everything else; the browser keeps the focus in it.
pub(crate) fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Closes it; the focus goes back to where it was.
pub(crate) fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(web_sys::HtmlDialogElement::open) {
        dialog.close();
    }
}

/// The time of day of an RFC 3339 instant, where the browser stands.
pub(crate) fn local_time(rfc3339: &str) -> String {
    let time = js_sys::Date::new(&rfc3339.into());
    time.to_locale_time_string("en-GB").into()
}

/// Goes to another page.
pub(crate) fn go(path: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_href(path);
    }
}

/// Is the page on screen?
pub(crate) fn is_visible() -> bool {
    document().is_some_and(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

/// Calls back whenever the page is shown or hidden.
pub(crate) fn on_visibility(callback: impl Fn() + 'static) {
    if let Some(document) = document() {
        listen(document.as_ref(), "visibilitychange", callback);
    }
}

/// Calls back when the network comes back.
pub(crate) fn on_online(callback: impl Fn() + 'static) {
    if let Some(window) = web_sys::window() {
        listen(window.as_ref(), "online", callback);
    }
}

/// Calls back when the network goes away.
pub(crate) fn on_offline(callback: impl Fn() + 'static) {
    if let Some(window) = web_sys::window() {
        listen(window.as_ref(), "offline", callback);
    }
}

fn listen(target: &web_sys::EventTarget, name: &str, callback: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(callback);
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Is this element, or one around it within the page, something that takes typed text?
pub(crate) fn takes_text(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            element
                .closest("input, textarea, select, [contenteditable=true], [contenteditable='']")
                .ok()
                .flatten()
                .is_some()
        })
}

/// Is this element a control of its own, whose Enter and Space are not ours?
pub(crate) fn is_control(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.closest("button, a, summary").ok().flatten().is_some())
}
