//! `/frame`: the document around HTML that a guest made. It comes with the name of its window, is put in place by the one script that may run here,
//! and tells the page how tall it is. The sandbox keeps it out of our origin: no cookies, no API, no page around it; its policy keeps it from
//! fetching anything.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use leptos::nonce::Nonce;

const STYLE: &str = include_str!("frame.css");
const SCRIPT: &str = include_str!("frame.js");

/// The document.
pub(crate) async fn show() -> Response {
    let nonce = Nonce::new();
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>HTML output</title><style>{STYLE}</style></head>\
         <body><script nonce=\"{nonce}\">{SCRIPT}</script></body></html>"
    );
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
