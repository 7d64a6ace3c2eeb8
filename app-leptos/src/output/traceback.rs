//! A failure as data: `application/vnd.selvedge.traceback+json`, as `docs/node-protocol.md` describes it.

use selvedge_contract::RunError;
use serde::Deserialize;

use super::around::Spot;

/// Its MIME type.
const MIME: &str = "application/vnd.selvedge.traceback+json";

/// One exception.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    /// Its type.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// One line.
    #[serde(default)]
    pub(super) message: String,
    /// What may have been meant.
    #[serde(default)]
    pub(super) hint: Option<String>,
    /// The user's own, the failing one last.
    #[serde(default)]
    pub(super) frames: Vec<Frame>,
    /// How many more there were before these.
    #[serde(default)]
    pub(super) left_out: u64,
    /// What it was raised from.
    #[serde(default)]
    pub(super) cause: Option<Box<Told>>,
    /// What was being handled when it was raised.
    #[serde(default)]
    pub(super) context: Option<Box<Told>>,
}

/// One call.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    /// `cell 3`, or a file.
    #[serde(default)]
    pub(super) label: String,
    /// None at the top of a cell.
    #[serde(default)]
    pub(super) function: Option<String>,
    /// From 1.
    #[serde(default)]
    pub(super) line: Option<u32>,
    /// In characters, from 0.
    #[serde(default)]
    pub(super) column: Option<u32>,
    /// After the last character.
    #[serde(default)]
    pub(super) end_column: Option<u32>,
    /// The line.
    #[serde(default)]
    pub(super) source: String,
}

impl Told {
    /// Of a failure that has one.
    pub(super) fn of(error: &RunError) -> Option<Self> {
        Self::deserialize(error.data.as_ref()?.get(MIME)?).ok()
    }
}

impl Frame {
    /// The source before, within and after what failed.
    pub(super) fn parts(&self) -> (&str, &str, &str) {
        let at = |column: Option<u32>| {
            let column = usize::try_from(column?).ok()?;
            Some(self.source.char_indices().nth(column).map_or(self.source.len(), |(at, _)| at))
        };
        let (Some(begin), Some(end)) = (at(self.column), at(self.end_column)) else {
            return (&self.source, "", "");
        };
        let (before, rest) = self.source.split_at(begin);
        let (within, after) = rest.split_at(end.max(begin) - begin);
        (before, within, after)
    }

    /// Where it is.
    pub(super) fn spot(&self) -> Option<Spot> {
        Some(Spot {
            label: self.label.clone(),
            line: self.line?,
            column: self.column.unwrap_or(0),
        })
    }
}

/// What of a cell's own source failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 0; none when only the line is known.
    pub(crate) columns: Option<(u32, u32)>,
}

/// The innermost place in the cell that ran. The outermost frame is that cell's.
pub(crate) fn failed(error: &RunError) -> Option<Failed> {
    let Some(told) = Told::of(error) else {
        return failed_line(&error.traceback).map(|line| Failed { line, columns: None });
    };
    let own = &told.frames.first()?.label;
    let frame = told.frames.iter().rev().find(|frame| frame.label == *own)?;
    Some(Failed {
        line: frame.line?,
        columns: frame.column.zip(frame.end_column),
    })
}

/// The cell's line that a traceback in text ends in: `File "cell 3", line 2` names the innermost frame last.
fn failed_line(traceback: &str) -> Option<u32> {
    let lines = traceback
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
    use serde_json::{Value, json};

    use super::*;

    fn error(traceback: &str, data: Option<Value>) -> RunError {
        RunError {
            kind: "ValueError".into(),
            message: "no".into(),
            traceback: traceback.into(),
            data,
        }
    }

    #[test]
    fn the_innermost_line_of_the_cell_is_the_failed_one() {
        let traceback = "Traceback (most recent call last):\n  File \"cell 2\", line 5, in <module>\n  File \"cell 2\", line 3, in f\n\
                         ValueError: no";
        assert_eq!(failed(&error(traceback, None)), Some(Failed { line: 3, columns: None }));
        assert_eq!(failed(&error("", None)), None);
    }

    #[test]
    fn what_failed_is_looked_for_in_the_cell_that_ran() {
        let frame = |label: &str, line: u32| json!({"label": label, "line": line, "column": 4, "end_column": 9, "source": "    a = b"});
        let told = |frames: Value| error("", Some(json!({MIME: {"type": "E", "frames": frames}})));
        let both = told(json!([frame("cell 2", 7), frame("cell 2", 2), frame("cell 1", 1)]));
        assert_eq!(
            failed(&both),
            Some(Failed {
                line: 2,
                columns: Some((4, 9))
            })
        );
        assert_eq!(failed(&told(json!([]))), None);
    }

    #[test]
    fn columns_count_characters() {
        let frame = |source: &str, column, end_column| Frame {
            label: String::new(),
            function: None,
            line: Some(1),
            column,
            end_column,
            source: source.into(),
        };
        assert_eq!(frame("\u{e9}\u{e9} / 0", Some(3), Some(6)).parts(), ("\u{e9}\u{e9} ", "/ 0", ""));
        assert_eq!(frame("abc", Some(9), Some(4)).parts(), ("abc", "", ""));
        assert_eq!(frame("abc", None, None).parts(), ("abc", "", ""));
    }
}
