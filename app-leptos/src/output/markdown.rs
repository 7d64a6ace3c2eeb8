//! Markdown as HTML. Raw HTML in it is shown as text; links go to web pages and mail only.

use leptos::prelude::*;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// Rendered Markdown.
pub(super) fn markdown(source: &str) -> AnyView {
    view! { <div class="markdown" inner_html=html(source)></div> }.into_any()
}

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// Our own texts: rendered as they are.
#[cfg(feature = "ssr")]
pub(crate) fn trusted(source: &'static str) -> String {
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, Parser::new_ext(source, OPTIONS));
    out
}

/// The HTML.
fn html(source: &str) -> String {
    let events = Parser::new_ext(source, OPTIONS).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        // A picture would be fetched from anywhere: its description stays.
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let dest_url = if is_allowed(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            })
        }
        other => other,
    });
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, events);
    out
}

fn is_allowed(url: &str) -> bool {
    ["https://", "http://", "mailto:", "#"]
        .iter()
        .any(|start| url.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn raw_html_is_text() {
        let out = html("hi <script>alert(1)</script>\n\n<div onclick=x>\n");
        assert!(!out.contains("<script") && !out.contains("<div"), "{out}");
    }

    #[test]
    fn links_lead_only_to_pages_and_mail() {
        assert!(html("[a](https://example.org)").contains("href=\"https://example.org\""));
        for evil in [
            "[a](javascript:alert(1))",
            "[a](data:text/html,x)",
            "<javascript:alert(1)>",
            "[a](/sign-out)",
        ] {
            let out = html(evil);
            assert!(
                !out.contains("href=\"javascript") && !out.contains("href=\"data") && !out.contains("href=\"/"),
                "{out}"
            );
        }
    }

    #[test]
    fn pictures_are_not_fetched() {
        assert!(!html("![cat](https://example.org/cat.png)").contains("<img"));
    }
}
