//! The code editor, through `app-leptos/editor/src/bridge.js`. Editors are named by their cell's id; the bridge keeps them.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen(raw_module = "./bridge.js")]
extern "C" {
    #[wasm_bindgen(js_name = attach)]
    fn js_attach(id: &str, text: &str, label: &str, read_only: bool, listener: &Closure<dyn Fn(String, String)>);
    #[wasm_bindgen(js_name = detach)]
    fn js_detach(id: &str);
    #[wasm_bindgen(js_name = focus)]
    fn js_focus(id: &str);
    #[wasm_bindgen(js_name = setText)]
    fn js_set_text(id: &str, text: &str);
    #[wasm_bindgen(js_name = markLine)]
    fn js_mark_line(id: &str, line: u32);
}

/// What happens in an editor.
pub(crate) enum Edit {
    /// The text is now this.
    Changed(String),
    /// A key that the notebook acts on: `run`, `run-next`, `run-insert`, `command`, `previous`, `next`, `save`.
    Key(String),
    /// The caret is in it.
    Focused,
}

/// Puts an editor into the element with `data-editor="<id>"`, as soon as it comes near the screen.
pub(crate) fn attach(id: &str, text: &str, label: &str, read_only: bool, listener: impl Fn(Edit) + 'static) {
    let listener = Closure::<dyn Fn(String, String)>::new(move |kind: String, text: String| {
        listener(match kind.as_str() {
            "changed" => Edit::Changed(text),
            "focused" => Edit::Focused,
            _ => Edit::Key(kind),
        });
    });
    js_attach(id, text, label, read_only, &listener);
    listener.forget();
}

/// Takes the editor away with its element.
pub(crate) fn detach(id: &str) {
    js_detach(id);
}

/// Puts the caret into it.
pub(crate) fn focus(id: &str) {
    js_focus(id);
}

/// Replaces its text; this is not told to the listener.
pub(crate) fn set_text(id: &str, text: &str) {
    js_set_text(id, text);
}

/// Marks a line (from 1) as the one that failed; none removes the mark.
pub(crate) fn mark_line(id: &str, line: Option<u32>) {
    js_mark_line(id, line.unwrap_or(0));
}
