//! The browser's own store, which outlives the page. Private windows may refuse it; then nothing is kept and nothing breaks.

fn local() -> Option<web_sys::Storage> {
    web_sys::window().and_then(|window| window.local_storage().ok().flatten())
}

/// What is kept under this name.
pub(crate) fn get(key: &str) -> Option<String> {
    local().and_then(|store| store.get_item(key).ok().flatten())
}

/// Keeps a text under this name.
pub(crate) fn set(key: &str, value: &str) {
    if let Some(store) = local() {
        let _ = store.set_item(key, value);
    }
}

/// Forgets what is kept under this name.
pub(crate) fn remove(key: &str) {
    if let Some(store) = local() {
        let _ = store.remove_item(key);
    }
}
