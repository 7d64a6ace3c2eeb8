//! The page behind a one-time link. Opening it spends nothing, so a mail program that looks at links cannot use it up: the button does.

use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;

use crate::document::{footer, header};
use crate::icon::{Glyph, icon};
use crate::respond;

/// `/sign-in/link/{code}`
pub(crate) async fn show(Path(code): Path<String>, headers: HeaderMap) -> Response {
    respond::page(StatusCode::OK, &headers, "Sign in · Selvedge", move || {
        view! {
            {header(())}
            <main id="main" class="message" tabindex="-1">
                <h1>"Sign in to this Selvedge"</h1>
                <p>"This link signs this browser in as the installation's administrator. It works once, for an hour after it was made."</p>
                <form method="post" action="/sign-in/link">
                    <input type="hidden" name="code" value=code/>
                    <button type="submit" class="button primary">{icon(Glyph::LogIn)}"Sign in"</button>
                </form>
            </main>
            {footer()}
        }
    })
}
