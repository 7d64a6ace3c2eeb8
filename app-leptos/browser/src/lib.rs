//! The browser entry. A crate of its own: thin LTO fails on a crate that is both rlib and cdylib.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by `start.js` after the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    selvedge_app::hydrate();
}
