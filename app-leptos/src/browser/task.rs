//! Work that goes on after the handler that began it.

use wasm_bindgen_futures::JsFuture;

/// Runs a future to its end.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(work);
}

/// Waits this many milliseconds.
pub(crate) async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds on the browser's clock.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}
