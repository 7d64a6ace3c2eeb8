//! The code editor, through `app-leptos/editor/src/bridge.js`. Editors are named by their cell's id; the bridge keeps them.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};

use crate::output::failure::Failed;

#[wasm_bindgen(raw_module = "./bridge.js")]
extern "C" {
    #[wasm_bindgen(js_name = attach)]
    fn js_attach(id: &str, text: &str, label: &str, read_only: bool, kernel: &str, listener: &Closure<dyn Fn(String, String)>);
    #[wasm_bindgen(js_name = detach)]
    fn js_detach(id: &str);
    #[wasm_bindgen(js_name = focus)]
    fn js_focus(id: &str);
    #[wasm_bindgen(js_name = setText)]
    fn js_set_text(id: &str, text: &str);
    #[wasm_bindgen(js_name = mark)]
    fn js_mark(id: &str, line: u32, column: u32, end_column: u32);
    #[wasm_bindgen(js_name = goTo)]
    fn js_go_to(id: &str, line: u32, column: u32);
}

/// What happens in an editor.
pub(crate) enum Edit {
    /// The text is now this.
    Changed(String),
    /// A key that the notebook acts on: `run`, `run-next`, `run-insert`, `command`, `previous`, `next`, `save`.
    Key(String),
    /// The caret is in it.
    Focused,
    /// Something for a screen reader.
    Said(String),
}

/// Puts an editor into the element with `data-editor="<id>"`, as soon as it comes near the screen. `kernel` is the API's path of the kernel that
/// completes and explains what is typed, or nothing.
pub(crate) fn attach(id: &str, text: &str, label: &str, read_only: bool, kernel: &str, listener: impl Fn(Edit) + 'static) {
    let listener = Closure::<dyn Fn(String, String)>::new(move |kind: String, text: String| {
        listener(match kind.as_str() {
            "changed" => Edit::Changed(text),
            "focused" => Edit::Focused,
            "said" => Edit::Said(text),
            _ => Edit::Key(kind),
        });
    });
    js_attach(id, text, label, read_only, kernel, &listener);
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

/// Marks what failed; none removes the mark.
pub(crate) fn mark(id: &str, failed: Option<Failed>) {
    let (line, columns) = failed.map_or((0, None), |failed| (failed.line, failed.columns));
    let (column, end_column) = columns.unwrap_or((0, 0));
    js_mark(id, line, column, end_column);
}

/// Puts the caret at a line (from 1) and a column (in characters, from 0).
pub(crate) fn go_to(id: &str, line: u32, column: u32) {
    js_go_to(id, line, column);
}
