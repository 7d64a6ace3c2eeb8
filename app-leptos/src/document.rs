//! The document around every page: head, header, footer.

use leptos::nonce::Nonce;
use leptos::prelude::*;

use crate::icon::mark;
use crate::theme::{self, Theme};

/// What differs between documents.
pub(crate) struct Document {
    /// Shown in the tab.
    pub(crate) title: String,
    /// The visitor's choice.
    pub(crate) theme: Option<Theme>,
    /// Lets the editor's styles in.
    pub(crate) nonce: Option<Nonce>,
}

/// A complete HTML document around `body`, which brings its own `<main>`.
pub(crate) fn document(meta: Document, body: impl IntoView + 'static) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=meta.theme.map(Theme::word)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{meta.title}</title>
                <link rel="icon" href="/pkg/mark.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/selvedge.css"/>
                <script type="module" src="/pkg/start.js" nonce=meta.nonce></script>
            </head>
            <body>
                <a class="skip" href="#main">"Skip to content"</a>
                {body}
            </body>
        </html>
    }
}

/// The header of pages that are not a notebook. `links` stand before the theme switch.
pub(crate) fn header(links: impl IntoView + 'static) -> impl IntoView {
    view! {
        <header class="bar">
            <a class="brand" href="/">{mark()}<span>"Selvedge"</span></a>
            <nav aria-label="Main" class="bar-links">{links}</nav>
            {theme::switch()}
        </header>
    }
}

/// The footer.
pub(crate) fn footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <p>"Selvedge " {env!("CARGO_PKG_VERSION")} " · Apache-2.0 or MIT · your data stays where you run it"</p>
            <nav aria-label="Footer">
                <a href="/api/v1/openapi.json">"API"</a>
                <a href="/docs">"Docs"</a>
                <a href="/version">"Version"</a>
                <a href="/pkg/licences.txt">"Licences"</a>
            </nav>
        </footer>
    }
}
