//! `/`: what this is, a cell that really runs, three figures, how it is built, and how each kind of user begins.

use std::sync::Arc;
use std::sync::OnceLock;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;
use selvedge_api::{Caller, Platform, operations};
use serde::Deserialize;

use crate::document::{footer, header};
use crate::island::known_island;
use crate::landing::first_look::{self, Visitor};
use crate::respond;

/// Measured figures, written by `node app-leptos/src/landing/figures.mjs` from what `cargo xtask bench` measured.
const FIGURES: &str = include_str!("../landing/figures.json");
/// How it is built.
const DRAWING: &str = include_str!("../landing/drawing.svg");

/// The page. Anybody's; who is signed in keeps their project.
pub(crate) async fn show(State(platform): State<Arc<Platform>>, caller: Option<Caller>, headers: HeaderMap) -> Response {
    let is_known = caller.is_some();
    let project = match caller {
        Some(caller) => operations::list_projects(&platform, &caller)
            .await
            .ok()
            .and_then(|projects| projects.into_iter().next()),
        None => None,
    };
    let visitor = Visitor {
        project: project.map(|project| project.id),
    };
    page(&headers, visitor, is_known)
}

fn page(headers: &HeaderMap, visitor: Visitor, is_known: bool) -> Response {
    respond::page(
        StatusCode::OK,
        headers,
        "Selvedge: Python at the edge that never forgets",
        move || {
            view! {
                {header(view! { <a href="/docs">"Docs"</a><a href="/dashboard">{if is_known { "Your notebooks" } else { "Notebooks" }}</a> })}
                <main id="main" class="landing" tabindex="-1">
                    <section class="hero">
                        <div class="hero-words">
                            <h1>"Python at the edge that never forgets."</h1>
                            <p class="lead">
                                "A notebook whose memory is kept after every cell. Close the tab, restart the server, come back in a week: the next cell knows what the last one made."
                            </p>
                            <div class="actions">
                                <form method="post" action="/try">
                                    <button type="submit" class="button primary large">"Try it, no account"</button>
                                </form>
                                <a class="button large" href="/docs">"Read the docs"</a>
                            </div>
                        </div>
                        <div class="hero-cell">{known_island(first_look::ISLAND, &visitor, first_look::HTML)}</div>
                    </section>
                    {proofs()}
                    <section class="built" aria-labelledby="built">
                        <h2 id="built">"How it is built"</h2>
                        <p>"One WebAssembly component serves pages and API on every edge. Your Python runs elsewhere: on a node, in a process that can reach nothing, metered by the instruction."</p>
                        <div class="drawing-scroll" tabindex="0" role="group" aria-label="Drawing of the architecture" inner_html=DRAWING></div>
                    </section>
                    {ways()}
                    <section class="price" aria-labelledby="price">
                        <h2 id="price">"Price"</h2>
                        <p>"You pay for fuel, the instructions that your cells execute, to the millionth of a credit, and see the cost beside each cell. A sleeping kernel costs nothing. What we lose is not billed. Run it yourself and it costs what your machine costs."</p>
                    </section>
                </main>
                {footer()}
            }
        },
    )
}

#[derive(Deserialize)]
struct Figures {
    r#where: String,
    figures: Vec<Figure>,
}

#[derive(Deserialize)]
struct Figure {
    name: String,
    value: String,
    unit: String,
    text: String,
}

fn proofs() -> impl IntoView {
    static PARSED: OnceLock<Option<Figures>> = OnceLock::new();
    PARSED.get_or_init(|| serde_json::from_str(FIGURES).ok()).as_ref().map(|figures| {
        let each = figures.figures.iter().map(|figure| {
            view! {
                <div class="proof">
                    <dt>{figure.name.as_str()}</dt>
                    <dd><span class="proof-value">{figure.value.as_str()}</span>" "<span class="proof-unit">{figure.unit.as_str()}</span></dd>
                    <dd class="proof-text">{figure.text.as_str()}</dd>
                </div>
            }
        });
        view! {
            <section class="proofs" aria-label="Measured">
                <dl>{each.collect_view()}</dl>
                <p class="caption">"Measured on " {figures.r#where.as_str()} "."</p>
            </section>
        }
    })
}

fn ways() -> impl IntoView {
    let way = |title: &'static str, text: &'static str, commands: &'static [&'static str]| {
        let lines = commands.iter().map(|command| view! { <code>{*command}</code> }).collect_view();
        view! { <div class="way"><h3>{title}</h3><p>{text}</p><pre class="commands" tabindex="0" role="group" aria-label=format!("Commands: {title}")>{lines}</pre></div> }
    };
    view! {
        <section class="ways" aria-labelledby="ways">
            <h2 id="ways">"For whom"</h2>
            <div class="ways-grid">
                {way("People", "Open a notebook, run a cell. The address is all you need, and with a key the API does the same.", &[
                    "curl -X POST $URL/api/v1/runs \\",
                    "  -H \"Authorization: Bearer $KEY\" \\",
                    "  -H 'content-type: application/json' \\",
                    "  -d '{\"language\":\"python\",\"code\":\"print(6*7)\"}'",
                ])}
                {way("Self-hosters", "One command: the server, its database, a node that runs Python, and a sign-in link for you.", &["cargo xtask up"])}
                {way("On Spin", "The same component, with Spin's own SQLite.", &["spin build --up"])}
                {way("On Cloudflare Workers", "The same domains linked into one module, with libSQL over HTTP.", &["npx wrangler dev"])}
                {way("Component authors", "Every part is a WebAssembly component behind a documented WIT interface.", &["cat wit/platform/0.1.0/platform.wit"])}
            </div>
        </section>
    }
}
