//! Why a run failed: what happened, what may have been meant, and where.

use leptos::prelude::*;
use selvedge_contract::RunError;

use super::ansi;
use super::around::Around;
pub(crate) use super::traceback::{Failed, failed};
use super::traceback::{Frame, Told};
use crate::icon::{Glyph, icon};

/// Type and message; as far as they are known hint, places and causes; the traceback as text.
pub(crate) fn failure(error: &RunError, around: Around) -> impl IntoView + use<> {
    let heading = heading(&error.kind);
    let mut text = String::new();
    ansi::escape(error.traceback.trim_end(), &mut text);
    let has_text = !text.is_empty();
    let told = Told::of(error);
    let is_told = told.is_some();
    view! {
        <div class="failure">
            <p class="failure-line">
                {icon(Glyph::CircleAlert)}
                <strong>{heading}</strong>
                <span>{error.message.clone()}</span>
            </p>
            {told.map(|told| details(told, around))}
            {(has_text && is_told).then(|| view! {
                <details class="fold-details">
                    <summary>"Traceback as text"</summary>
                    <pre class="text traceback" tabindex="0" role="group" aria-label="Traceback" inner_html=text.clone()></pre>
                </details>
            })}
            {(has_text && !is_told).then(|| view! { <pre class="text traceback" tabindex="0" role="group" aria-label="Traceback" inner_html=text.clone()></pre> })}
        </div>
    }
}

/// Hint, the failing place, the calls that led to it, and what it came from.
fn details(told: Told, around: Around) -> AnyView {
    let Told {
        hint,
        mut frames,
        left_out,
        cause,
        context,
        ..
    } = told;
    let failing = frames.pop();
    let before = frames.len();
    let calls = (before > 0).then(|| {
        let words = if before == 1 {
            "1 call before".to_owned()
        } else {
            format!("{before} calls before")
        };
        let more = (left_out > 0).then(|| view! { <p class="frame-more">{format!("{left_out} more are left out.")}</p> });
        view! {
            <details class="fold-details">
                <summary>{words}</summary>
                {more}
                {frames.iter().map(|frame| place(frame, around)).collect_view()}
            </details>
        }
    });
    let from = cause
        .map(|told| ("Caused by ", told))
        .or(context.map(|told| ("While handling ", told)));
    let from = from.map(|(words, told)| {
        let (kind, message) = (told.kind.clone(), told.message.clone());
        view! {
            <details class="fold-details">
                <summary>{words}<strong>{kind}</strong>" "{message}</summary>
                {details(*told, around)}
            </details>
        }
    });
    view! {
        <div class="failure-details">
            {hint.map(|hint| view! { <p class="failure-hint">{icon(Glyph::Lightbulb)}<span>{with_code(&hint)}</span></p> })}
            {failing.map(|frame| place(&frame, around))}
            {calls}
            {from}
        </div>
    }
    .into_any()
}

/// One place: a way to it, and its line with what failed marked.
fn place(frame: &Frame, around: Around) -> impl IntoView + use<> {
    let number = frame.line.map(|line| line.to_string()).unwrap_or_default();
    let words = format!("{}, line {number}", frame.label);
    let function = frame.function.as_ref().map(|name| format!(" in {name}"));
    let spot = frame.spot();
    let go = move |_| {
        if let Some(spot) = &spot {
            around.go_to.run(spot.clone());
        }
    };
    let (before, within, after) = frame.parts();
    // Indentation says nothing here; the line number does.
    let before = before.trim_start().to_owned();
    let within = (!within.is_empty()).then(|| view! { <mark class="failed-span">{within.to_owned()}</mark> });
    view! {
        <div class="frame-place">
            <p><button type="button" class="link frame-link" on:click=go>{words}</button>{function}</p>
            <pre class="frame-source"><span class="frame-number" aria-hidden="true">{number}</span>{before}{within}{after.to_owned()}</pre>
        </div>
    }
}

/// What stands between backticks, as code.
fn with_code(words: &str) -> impl IntoView + use<> {
    let pieces = words.split('`').enumerate().map(|(at, piece)| {
        let piece = piece.to_owned();
        if at % 2 == 1 {
            view! { <code>{piece}</code> }.into_any()
        } else {
            piece.into_any()
        }
    });
    pieces.collect_view()
}

/// The name of a limit in words; Python's own types keep theirs.
fn heading(kind: &str) -> String {
    match kind {
        "WallLimit" => "Time limit",
        "MemoryLimit" => "Memory limit",
        "FuelLimit" => "Fuel limit",
        "Crash" => "The interpreter crashed",
        "KernelUnavailable" => "The kernel cannot be reached",
        "KernelNotKept" => "The kernel could not be kept",
        "KernelUnreadable" => "The kernel could not be read",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn html(error: &RunError) -> String {
        Owner::new_root(None).with(|| {
            let around = Around {
                go_to: Callback::new(|_| {}),
                notebook: StoredValue::new(None),
            };
            failure(error, around).to_html()
        })
    }

    #[test]
    fn a_failure_as_data_shows_hint_place_and_cause_and_nothing_unescaped() {
        let told = json!({
            "type": "ValueError", "message": "<b>no</b>", "hint": "Did you mean `<i>x</i>`?",
            "frames": [{"label": "cell 1", "function": null, "line": 3, "column": 0, "end_column": 4, "source": "f(1)"},
                       {"label": "cell 1", "function": "f", "line": 2, "column": 4, "end_column": 9, "source": "    a < b"}],
            "left_out": 0,
            "cause": {"type": "KeyError", "message": "k", "frames": []},
        });
        let html = html(&RunError {
            kind: "ValueError".into(),
            message: "<b>no</b>".into(),
            traceback: "Traceback".into(),
            data: Some(json!({"application/vnd.selvedge.traceback+json": told})),
        });
        assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
        assert!(html.contains("<code>&lt;i&gt;x&lt;/i&gt;</code>"), "{html}");
        assert!(html.contains("<mark class=\"failed-span\">a &lt; b</mark>"), "{html}");
        for words in ["cell 1, line 2", "1 call before", "Caused by ", "KeyError", "Traceback as text"] {
            assert!(html.contains(words), "{words}: {html}");
        }
    }

    #[test]
    fn a_failure_without_data_shows_its_text() {
        let html = html(&RunError {
            kind: "WallLimit".into(),
            message: "It ran past 30 s.".into(),
            traceback: String::new(),
            data: None,
        });
        assert!(html.contains("Time limit") && !html.contains("<pre"), "{html}");
    }
}
