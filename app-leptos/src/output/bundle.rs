//! A MIME bundle: the same thing in several forms, of which the richest that we show is taken.

use leptos::prelude::*;
use serde_json::Value;

use super::around::Around;
use super::fold::Folded;
use super::rows::Rows;
use super::{chart, frame, image, markdown, table};

/// What is wanted most, first: our own, then Jupyter's order. LaTeX is not set here, so it comes after words.
const RICHEST_FIRST: [&str; 14] = [
    "application/vnd.selvedge.table+json",
    "application/vnd.vegalite.v6+json",
    "application/vnd.vegalite.v5+json",
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/geo+json",
    "application/json",
    "text/plain",
    "text/latex",
];

/// Shows a bundle. `is_value` marks the value of a cell's last expression.
pub(crate) fn bundle(data: &Value, is_value: bool, around: Around) -> AnyView {
    // Events wrap the bundle in Jupyter's `{"data", "metadata"}`.
    let forms = data.get("data").filter(|inner| inner.is_object()).unwrap_or(data);
    let plain = forms.get("text/plain").map(as_text).unwrap_or_default();
    let shown = RICHEST_FIRST
        .iter()
        .find_map(|mime| forms.get(mime).and_then(|content| form(mime, content, &plain, around)));
    let class = if is_value { "shown shown-value" } else { "shown" };
    let shown = shown.or_else(|| unknown(forms));
    view! { <div class=class>{shown}</div> }.into_any()
}

fn form(mime: &str, content: &Value, plain: &str, around: Around) -> Option<AnyView> {
    match mime {
        "application/vnd.selvedge.table+json" => Rows::parse(content).map(|rows| view! { <table::Table rows around/> }.into_any()),
        "application/vnd.vegalite.v6+json" | "application/vnd.vegalite.v5+json" => chart::chart(content, plain),
        "image/svg+xml" => image::svg(content, description(plain)),
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" => image::bitmap(mime, content, description(plain)),
        "text/markdown" => Some(markdown::markdown(&as_text(content))),
        "text/html" => Some(frame::frame(as_text(content))),
        "application/json" | "application/geo+json" => Some(text(serde_json::to_string_pretty(content).unwrap_or_default())),
        _ => Some(text(as_text(content))),
    }
}

/// None of the forms can be shown: says which there are.
fn unknown(forms: &Value) -> Option<AnyView> {
    let names: Vec<&str> = forms.as_object()?.keys().map(String::as_str).collect();
    if names.is_empty() {
        return None;
    }
    let words = format!(
        "This page cannot show {}. Display text, Markdown, HTML, a picture, JSON, a table or a chart.",
        names.join(", ")
    );
    Some(view! { <p class="note">{words}</p> }.into_any())
}

fn text(text: String) -> AnyView {
    view! { <Folded text/> }.into_any()
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
        Owner::new_root(None).with(|| {
            let around = Around {
                go_to: Callback::new(|_| {}),
                notebook: StoredValue::new(None),
            };
            bundle(data, false, around).to_html()
        })
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
    fn html_comes_before_pictures_and_latex_after_words() {
        let html = shown(&serde_json::json!({"text/html": "<i>h</i>", "image/svg+xml": "<svg/>", "text/plain": "p"}));
        assert!(html.contains("<iframe"), "{html}");
        let words = shown(&serde_json::json!({"text/latex": "$x$", "text/plain": "x squared"}));
        assert!(words.contains("x squared"), "{words}");
    }

    #[test]
    fn what_cannot_be_shown_is_named() {
        let html = shown(&serde_json::json!({"application/pdf": "JVBERi0="}));
        assert!(html.contains("cannot show application/pdf"), "{html}");
    }

    #[test]
    fn html_lives_in_a_frame_out_of_our_origin() {
        let html = shown(&serde_json::json!({"text/html": "<b onmouseover=\"alert(1)\">x</b>"}));
        assert!(html.contains("sandbox=\"allow-scripts\"") && !html.contains("<b "), "{html}");
    }
}
