//! Long texts: their beginning, and the rest on request.

use leptos::prelude::*;

use crate::measure::grouped;

/// Lines shown at first.
const LINES_SHOWN: usize = 60;
/// Bytes shown at first, for texts of few long lines.
const BYTES_SHOWN: usize = 8_000;

/// A text of a cell's value.
#[component]
pub(crate) fn Folded(
    /// The whole.
    text: String,
) -> impl IntoView {
    let whole = RwSignal::new(false);
    let end = beginning(&text);
    let is_long = end < text.len();
    let lines = text.lines().count();
    let size = if lines > LINES_SHOWN {
        format!("{} lines", grouped(lines as u64))
    } else {
        format!("{} characters", grouped(text.chars().count() as u64))
    };
    let words = move || {
        if whole.get() {
            "Show less".to_owned()
        } else {
            format!("Show all {size}")
        }
    };
    let shown = move || {
        if whole.get() {
            text.clone()
        } else {
            text.get(..end).unwrap_or(&text).to_owned()
        }
    };
    view! {
        <pre class="text" tabindex="0" role="group" aria-label="Value">{shown}</pre>
        {is_long.then(|| view! {
            <button type="button" class="more fold" aria-expanded=move || whole.get().to_string() on:click=move |_| whole.update(|whole| *whole = !*whole)>{words}</button>
        })}
    }
}

/// Where the part that is shown at first ends: the whole text's length when it is not long.
fn beginning(text: &str) -> usize {
    let lines = text.match_indices('\n').nth(LINES_SHOWN - 1).map_or(text.len(), |(at, _)| at);
    // A text that is longer by a trailing line end alone is not folded.
    let lines = if lines + 1 >= text.len() { text.len() } else { lines };
    lines.min(text.floor_char_boundary(BYTES_SHOWN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_whole() {
        assert_eq!(beginning(""), 0);
        assert_eq!(beginning("a\nb"), 3);
        let sixty = "x\n".repeat(60);
        assert_eq!(beginning(&sixty), sixty.len());
    }

    #[test]
    fn long_ones_end_at_a_line_or_between_characters() {
        assert_eq!(beginning(&"x\n".repeat(1_000)), 119);
        let wide = "\u{20ac}".repeat(5_000);
        assert_eq!(wide.get(..beginning(&wide)).map(str::len), Some(7_998));
    }
}
