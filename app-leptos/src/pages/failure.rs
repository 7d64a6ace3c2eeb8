//! A request for a page that could not be answered: the API's sentence, as a page.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use leptos::prelude::*;

use crate::document::{footer, header as page_header};
use crate::{pages, respond};

/// The API's sentences are short.
const SENTENCE_BYTES_MAX: usize = 64 * 1024;

/// Turns a plain-text refusal into a page for visitors who asked for one.
pub(crate) async fn as_page(request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let wants_page = !request.uri().path().starts_with("/api/")
        && headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    let response = next.run(request).await;
    let is_refusal = response.status().is_client_error() || response.status().is_server_error();
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !(wants_page && is_refusal && is_plain) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let sentence = to_bytes(body, SENTENCE_BYTES_MAX)
        .await
        .map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned())
        .unwrap_or_default();
    let request_id = parts
        .headers
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let mut page = if parts.status == StatusCode::NOT_FOUND {
        pages::not_found::page(&headers)
    } else {
        page(parts.status, &headers, sentence, request_id)
    };
    // Everything else that was said with the refusal still holds: cookies, security headers, when to come back.
    for (name, value) in &parts.headers {
        if ![
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::CONTENT_SECURITY_POLICY,
            header::CACHE_CONTROL,
        ]
        .contains(name)
        {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}

fn page(status: StatusCode, headers: &HeaderMap, sentence: String, request_id: String) -> Response<Body> {
    let heading = match status {
        StatusCode::UNAUTHORIZED => "This needs a sign-in",
        StatusCode::FORBIDDEN => "This is not yours to do",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests for now",
        StatusCode::SERVICE_UNAVAILABLE => "A part of Selvedge cannot be reached",
        _ if status.is_server_error() => "Something failed on our side",
        _ => "That did not work",
    };
    respond::page(status, headers, format!("{heading} · Selvedge"), move || {
        view! {
            {page_header(view! { <a href="/dashboard">"Notebooks"</a> })}
            <main id="main" class="message" tabindex="-1">
                <p class="message-code">{status.as_str().to_owned()}</p>
                <h1>{heading}</h1>
                <p>{sentence}</p>
                <p class="actions"><a class="button primary" href="/">"Start page"</a></p>
                <p class="caption">"Request "<code>{request_id}</code></p>
            </main>
            {footer()}
        }
    })
}
