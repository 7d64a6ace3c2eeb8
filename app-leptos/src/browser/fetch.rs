//! Requests to our own API. Same-origin, so the sign-in cookies go along and no further proof of origin is needed.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// What came back.
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// The whole body.
    pub(crate) body: String,
}

/// No answer came: no network, or nobody there.
#[derive(Debug)]
pub(crate) struct Unreachable;

/// A request to be sent.
#[derive(Default)]
pub(crate) struct Ask<'a> {
    /// `GET`, `POST`, `PUT`, `DELETE`.
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) path: &'a str,
    /// JSON.
    pub(crate) body: Option<String>,
    /// Sent as `If-Match`.
    pub(crate) if_match: Option<String>,
}

/// Sends it and reads the whole answer. Every POST carries a fresh Idempotency-Key.
pub(crate) async fn send(ask: Ask<'_>) -> Result<Answer, Unreachable> {
    attempt(ask).await.map_err(|_| Unreachable)
}

async fn attempt(ask: Ask<'_>) -> Result<Answer, wasm_bindgen::JsValue> {
    let window = web_sys::window().ok_or(wasm_bindgen::JsValue::NULL)?;
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "application/json")?;
    if ask.body.is_some() {
        headers.set("content-type", "application/json")?;
    }
    if let Some(version) = &ask.if_match {
        headers.set("if-match", version)?;
    }
    if ask.method == "POST"
        && let Ok(crypto) = window.crypto()
    {
        let mut bytes = [0_u8; 16];
        crypto.get_random_values_with_u8_array(&mut bytes)?;
        headers.set(
            "idempotency-key",
            &bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        )?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method(ask.method);
    init.set_headers(&headers);
    if let Some(body) = &ask.body {
        init.set_body(&wasm_bindgen::JsValue::from_str(body));
    }
    let response: web_sys::Response = JsFuture::from(window.fetch_with_str_and_init(ask.path, &init)).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Answer {
        status: response.status(),
        body,
    })
}
