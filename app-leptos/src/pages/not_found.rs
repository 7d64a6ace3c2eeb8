//! Nothing here, or nothing that this visitor may see: the same page for both.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;

use crate::document::{footer, header};
use crate::respond;

/// For every path without a page.
pub(crate) async fn show(headers: HeaderMap) -> Response {
    page(&headers)
}

/// The page, with status 404.
pub(crate) fn page(headers: &HeaderMap) -> Response {
    respond::page(StatusCode::NOT_FOUND, headers, "Not found · Selvedge", || {
        view! {
            {header(view! { <a href="/dashboard">"Notebooks"</a> })}
            <main id="main" class="message" tabindex="-1">
                <p class="message-code">"404"</p>
                <h1>"There is nothing here that you can see"</h1>
                <p>"The address may be wrong, or the notebook belongs to somebody else. If it is yours, open it in the browser that made it, or sign in first."</p>
                <p class="actions">
                    <a class="button primary" href="/dashboard">"Your notebooks"</a>
                    <a class="button" href="/">"Start page"</a>
                </p>
            </main>
            {footer()}
        }
    })
}
