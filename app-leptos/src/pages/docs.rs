//! `/docs`: how to begin, in one page.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;

use crate::document::{footer, header};
use crate::output::markdown;
use crate::respond;

const TEXT: &str = include_str!("docs.md");

/// The page.
pub(crate) async fn show(headers: HeaderMap) -> Response {
    respond::page(StatusCode::OK, &headers, "Docs · Selvedge", || {
        view! {
            {header(view! { <a href="/dashboard">"Notebooks"</a> })}
            <main id="main" class="prose markdown" tabindex="-1" inner_html=markdown::trusted(TEXT)></main>
            {footer()}
        }
    })
}
