//! Standard output and standard error.

use leptos::prelude::*;

use super::ansi;
use crate::measure::grouped;

/// Lines shown before somebody asks for all.
const LINES_SHOWN: usize = 200;

/// One stream's text, which may still grow. A long one shows its end: that is where the news is.
#[component]
pub(crate) fn Stream(
    /// What was written so far.
    text: ArcRwSignal<String>,
    /// Standard error, not standard output.
    is_error: bool,
) -> impl IntoView {
    let whole = RwSignal::new(false);
    let hidden = {
        let text = text.clone();
        Memo::new(move |_| if whole.get() { 0 } else { text.with(|text| hidden_lines(text)) })
    };
    let html = move || text.with(|text| ansi::html(after_lines(text, hidden.get())));
    view! {
        <div class="stream" class:stream-error=is_error>
            <Show when=move || { hidden.get() > 0 }>
                <button type="button" class="more" on:click=move |_| whole.set(true)>
                    {move || format!("Show {} earlier lines", grouped(hidden.get() as u64))}
                </button>
            </Show>
            <pre class="text" tabindex="0" role="group" aria-label=if is_error { "Standard error" } else { "Standard output" } inner_html=html></pre>
        </div>
    }
}

fn hidden_lines(text: &str) -> usize {
    text.lines().count().saturating_sub(LINES_SHOWN)
}

/// The text after its first `lines` lines.
fn after_lines(text: &str, lines: usize) -> &str {
    match lines.checked_sub(1).and_then(|last| text.match_indices('\n').nth(last)) {
        Some((at, _)) => text.get(at + 1..).unwrap_or(""),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_shows_its_end() {
        let text: String = (0..250).map(|n| format!("{n}\n")).collect();
        assert_eq!(hidden_lines(&text), 50);
        assert!(after_lines(&text, 50).starts_with("50\n"));
        assert_eq!(after_lines("a\nb", 0), "a\nb");
    }
}
