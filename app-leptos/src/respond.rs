//! From a view to an HTML answer with its content security policy.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::nonce::{Nonce, provide_nonce, use_nonce};
use leptos::prelude::*;

use crate::document::{Document, document};
use crate::theme::Theme;

/// Renders a page. Everything a page shows was loaded before, so there is nothing to stream or to wait for.
pub(crate) fn page<V: IntoView + 'static>(
    status: StatusCode,
    headers: &HeaderMap,
    title: impl Into<String>,
    body: impl FnOnce() -> V,
) -> Response {
    let theme = Theme::of(headers);
    let owner = Owner::new_root(None);
    let (html, policy) = owner.with(|| {
        provide_nonce();
        let nonce = use_nonce();
        let html = document(
            Document {
                title: title.into(),
                theme,
                nonce: nonce.clone(),
            },
            body(),
        )
        .to_html();
        (html, policy(nonce.as_ref()))
    });
    drop(owner);
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        answer.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What a page may load: our own files, styles that carry the nonce (the editor makes one), images held in data URIs. No inline script at all.
fn policy(nonce: Option<&Nonce>) -> String {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'{nonce}; img-src 'self' data:; connect-src 'self'; \
         frame-src 'self'; child-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )
}
