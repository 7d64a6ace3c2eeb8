//! Why a run failed.

use leptos::prelude::*;
use selvedge_contract::RunError;

use super::ansi;
use crate::icon::{Glyph, icon};

/// Type, message, traceback.
pub(crate) fn failure(error: &RunError) -> impl IntoView + use<> {
    let heading = heading(&error.kind);
    let mut traceback = String::new();
    ansi::escape(error.traceback.trim_end(), &mut traceback);
    let has_traceback = !traceback.is_empty();
    view! {
        <div class="failure">
            <p class="failure-line">
                {icon(Glyph::CircleAlert)}
                <strong>{heading}</strong>
                <span>{error.message.clone()}</span>
            </p>
            {has_traceback.then(|| view! { <pre class="text traceback" tabindex="0" role="group" aria-label="Traceback" inner_html=traceback></pre> })}
        </div>
    }
}

/// The name of a limit in words; Python's own types keep theirs.
fn heading(kind: &str) -> String {
    match kind {
        "WallLimit" => "Time limit",
        "MemoryLimit" => "Memory limit",
        "FuelLimit" => "Fuel limit",
        "Crash" => "The interpreter crashed",
        other => other,
    }
    .to_owned()
}

/// The cell's line that a traceback ends in: `File "cell 3", line 2` names the innermost frame last.
pub(crate) fn failed_line(error: &RunError) -> Option<u32> {
    let lines = error
        .traceback
        .lines()
        .rev()
        .map(str::trim_start)
        .filter_map(|line| line.strip_prefix("File \"cell "));
    lines.filter_map(|line| line.split_once("\", line ")).find_map(|(_, rest)| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_line_of_a_cell_is_found() {
        let error = |traceback: &str| RunError {
            kind: "ValueError".into(),
            message: String::new(),
            traceback: traceback.into(),
        };
        let nested = "Traceback (most recent call last):\n  File \"cell 1\", line 9, in <module>\n  File \"cell 1\", line 4, in f\n  File \"json.py\", line 300, in loads\nValueError: no";
        assert_eq!(failed_line(&error(nested)), Some(4));
        assert_eq!(failed_line(&error("")), None);
    }
}
