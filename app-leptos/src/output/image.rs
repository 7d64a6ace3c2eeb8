//! Pictures, always through `<img>`: an SVG in there runs no script and loads nothing.

use leptos::prelude::*;
use serde_json::Value;

/// A bitmap in base64, as Jupyter's MIME bundles carry it. None when the content is something else.
pub(super) fn bitmap(mime: &str, content: &Value, alt: String) -> Option<AnyView> {
    let base64: String = content.as_str()?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let clean = base64.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    clean.then(|| picture(format!("data:{mime};base64,{base64}"), alt))
}

/// An SVG's source.
pub(super) fn svg(content: &Value, alt: String) -> Option<AnyView> {
    content
        .as_str()
        .map(|source| picture(format!("data:image/svg+xml,{}", percent_encoded(source)), alt))
}

fn picture(source: String, alt: String) -> AnyView {
    view! { <img class="picture" src=source alt=alt/> }.into_any()
}

/// Everything outside RFC 3986's unreserved characters as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_uri_early() {
        assert_eq!(percent_encoded("<a b=\"é\">"), "%3Ca%20b%3D%22%C3%A9%22%3E");
    }

    #[test]
    fn only_base64_is_a_bitmap() {
        assert!(bitmap("image/png", &Value::from("iVBOR\nw0KGgo="), String::new()).is_some());
        assert!(bitmap("image/png", &Value::from("x\" onload=\"alert(1)"), String::new()).is_none());
    }
}
