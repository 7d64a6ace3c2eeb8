//! A MIME bundle: the same thing in several forms, of which the richest that we show is taken.

use leptos::prelude::*;
use serde_json::Value;

use super::{chart, frame, image, markdown, table};

/// What is wanted most, first.
const RICHEST_FIRST: [&str; 9] = [
    "application/vnd.selvedge.table+json",
    "application/vnd.vegalite.v6+json",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/markdown",
    "text/html",
    "application/json",
    "text/plain",
];

/// Shows a bundle. `is_value` marks the value of a cell's last expression.
pub(crate) fn bundle(data: &Value, is_value: bool) -> AnyView {
    // Events wrap the bundle in Jupyter's `{"data", "metadata"}`.
    let forms = data.get("data").filter(|inner| inner.is_object()).unwrap_or(data);
    let plain = forms.get("text/plain").map(as_text).unwrap_or_default();
    let shown = RICHEST_FIRST
        .iter()
        .find_map(|mime| forms.get(mime).and_then(|content| form(mime, content, &plain)));
    let class = if is_value { "shown shown-value" } else { "shown" };
    view! { <div class=class>{shown}</div> }.into_any()
}

fn form(mime: &str, content: &Value, plain: &str) -> Option<AnyView> {
    match mime {
        "application/vnd.selvedge.table+json" => table::Rows::parse(content).map(|rows| view! { <table::Table rows/> }.into_any()),
        "application/vnd.vegalite.v6+json" => chart::chart(content, plain),
        "image/svg+xml" => image::svg(content, description(plain)),
        "image/png" => image::bitmap("image/png", content, description(plain)),
        "image/jpeg" => image::bitmap("image/jpeg", content, description(plain)),
        "text/markdown" => content.as_str().map(markdown::markdown),
        "text/html" => content.as_str().map(|html| frame::frame(html.to_owned())),
        "application/json" => Some(text(serde_json::to_string_pretty(content).unwrap_or_default())),
        _ => Some(text(as_text(content))),
    }
}

fn text(text: String) -> AnyView {
    view! { <pre class="text" tabindex="0" role="group" aria-label="Value">{text}</pre> }.into_any()
}

/// Jupyter allows a list of lines where a text is meant.
fn as_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.to_string(),
    }
}

/// What a picture shows, as far as its own text says.
fn description(plain: &str) -> String {
    if plain.is_empty() {
        "Picture without a description".to_owned()
    } else {
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(data: &Value) -> String {
        Owner::new_root(None).with(|| bundle(data, false).to_html())
    }

    #[test]
    fn the_richest_form_is_taken() {
        let both = serde_json::json!({"text/plain": "plain", "text/markdown": "**rich**"});
        assert!(shown(&both).contains("<strong>rich</strong>"));
    }

    #[test]
    fn a_broken_rich_form_gives_way_to_the_text() {
        let broken = serde_json::json!({"application/vnd.vegalite.v6+json": {"mark": 7}, "text/plain": "a chart"});
        assert!(shown(&broken).contains("a chart"));
    }

    #[test]
    fn html_lives_in_a_frame_that_may_do_nothing() {
        let html = shown(&serde_json::json!({"text/html": "<b onmouseover=\"alert(1)\">x</b>"}));
        assert!(html.contains("sandbox=\"\"") && !html.contains("<b "), "{html}");
    }
}
