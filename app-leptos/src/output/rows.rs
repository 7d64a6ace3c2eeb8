//! The rows of a table: what came along is sorted and filtered here; the rest of a large table is with its kernel, which is asked for a page at a time.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::ask::{Refusal, ask};
use crate::browser::fetch::Ask;
use crate::measure::grouped;

/// Rows of a page, so that a large table does not stall the browser.
pub(super) const PAGE_ROWS: usize = 100;

/// A table's content.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows {
    pub(super) columns: Arc<[Column]>,
    pub(super) rows: Arc<[Vec<Value>]>,
    /// Of the whole table, when only its beginning came along.
    pub(super) total: usize,
    /// Names the whole table to its kernel.
    pub(super) id: Option<String>,
}

/// What is to be seen of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The first row, after sorting and filtering.
    pub(super) from: usize,
    pub(super) sort: Option<Sort>,
    /// Some cell of a row holds this.
    pub(super) filter: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    /// The first row, after sorting and filtering.
    pub(super) from: usize,
    pub(super) rows: Vec<Vec<Value>>,
    /// How many rows fit the filter.
    pub(super) fitting: usize,
}

/// A kernel's answer to the question for a page.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    rows: Vec<Vec<Value>>,
    #[serde(default)]
    total: usize,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) is_number: bool,
}

impl Rows {
    /// From `application/vnd.selvedge.table+json`: `{"columns": [name | {"name", "type"}], "rows": [[…] | {…}], "total"?}`.
    pub(crate) fn parse(content: &Value) -> Option<Self> {
        let described = content.get("columns")?.as_array()?;
        let kinds: Vec<Option<bool>> = described
            .iter()
            .map(|column| column.get("type").and_then(Value::as_str).map(is_numeric))
            .collect();
        let names: Vec<String> = described
            .iter()
            .map(|column| {
                column
                    .as_str()
                    .or_else(|| column.get("name").and_then(Value::as_str))
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect();
        let rows: Vec<Vec<Value>> = content.get("rows")?.as_array()?.iter().map(|row| cells(row, &names)).collect();
        let total = ["total", "row_count"]
            .iter()
            .find_map(|key| content.get(*key))
            .and_then(Value::as_u64);
        let total = total
            .and_then(|total| usize::try_from(total).ok())
            .unwrap_or(rows.len())
            .max(rows.len());
        let columns = names.into_iter().enumerate().map(|(at, name)| Column {
            name,
            is_number: kinds.get(at).copied().flatten().unwrap_or_else(|| is_number_column(&rows, at)),
        });
        let columns = columns.collect();
        Some(Self {
            columns,
            rows: rows.into(),
            total,
            id: content.get("id").and_then(Value::as_str).map(str::to_owned),
        })
    }

    /// Can what is wanted be found among the rows that came along?
    pub(super) fn has(&self, wanted: &Wanted) -> bool {
        self.total <= self.rows.len() || (wanted.sort.is_none() && wanted.filter.is_empty() && wanted.from + PAGE_ROWS <= self.rows.len())
    }

    /// What is wanted, of the rows that came along.
    pub(super) fn find(&self, wanted: &Wanted) -> Found {
        let needle = wanted.filter.to_lowercase();
        let fits = |row: &Vec<Value>| needle.is_empty() || row.iter().any(|value| display(value).to_lowercase().contains(&needle));
        let fitting: Vec<&Vec<Value>> = self
            .ordered(wanted.sort)
            .into_iter()
            .filter_map(|at| self.rows.get(at))
            .filter(|row| fits(row))
            .collect();
        // Of a table that is only begun here, without a filter, all rows fit.
        let count = if needle.is_empty() { self.total } else { fitting.len() };
        Found {
            from: wanted.from,
            rows: fitting.into_iter().skip(wanted.from).take(PAGE_ROWS).cloned().collect(),
            fitting: count,
        }
    }

    /// What is wanted, from the kernel that has all of it.
    pub(super) async fn ask(&self, notebook: &str, wanted: &Wanted) -> Result<Found, Refusal> {
        let sort = wanted
            .sort
            .and_then(|sort| self.columns.get(sort.column))
            .map(|column| column.name.clone());
        let body = json!({
            "table": self.id, "from": wanted.from, "count": PAGE_ROWS, "filter": wanted.filter,
            "sort": sort, "descending": wanted.sort.is_some_and(|sort| sort.descending),
        });
        let page: Page = ask(Ask {
            method: "POST",
            path: &format!("{notebook}/kernel/page"),
            body: Some(body.to_string()),
            ..Ask::default()
        })
        .await?;
        if page.status.as_deref() == Some("gone") {
            return Err(Refusal(format!(
                "The kernel does not have this table any more. Its first {} rows are here; run the cell again for all of it.",
                grouped(self.rows.len() as u64)
            )));
        }
        Ok(Found {
            from: wanted.from,
            rows: page.rows,
            fitting: page.total,
        })
    }

    /// Indices of rows in the order asked for.
    fn ordered(&self, sort: Option<Sort>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        if let Some(Sort { column, descending }) = sort {
            let at = |row: usize| self.rows.get(row).and_then(|row| row.get(column)).unwrap_or(&Value::Null);
            // Stable, and empty cells last both ways.
            order.sort_by(|a, b| match (at(*a), at(*b)) {
                (Value::Null, Value::Null) => Ordering::Equal,
                (Value::Null, _) => Ordering::Greater,
                (_, Value::Null) => Ordering::Less,
                (a, b) if descending => compare(b, a),
                (a, b) => compare(a, b),
            });
        }
        order
    }
}

fn cells(row: &Value, names: &[String]) -> Vec<Value> {
    match row {
        Value::Array(cells) => cells.clone(),
        Value::Object(fields) => names.iter().map(|name| fields.get(name).cloned().unwrap_or(Value::Null)).collect(),
        other => vec![other.clone()],
    }
}

fn is_numeric(kind: &str) -> bool {
    matches!(kind, "integer" | "number" | "decimal")
}

fn is_number_column(rows: &[Vec<Value>], at: usize) -> bool {
    let mut present = rows
        .iter()
        .filter_map(|row| row.get(at))
        .filter(|value| !value.is_null())
        .peekable();
    present.peek().is_some() && present.all(Value::is_number)
}

fn compare(a: &Value, b: &Value) -> Ordering {
    // Decimals travel as text, so that no digit is lost.
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => display(a).to_lowercase().cmp(&display(b).to_lowercase()),
    }
}

/// A cell as people read it.
pub(super) fn display(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => short(number.as_f64().unwrap_or_default()),
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

/// A float to six places; what is left out says so by its last digit being rounded.
fn short(number: f64) -> String {
    let exact = number.to_string();
    let rounded = format!("{number:.6}");
    if exact.len() <= rounded.len() || number.abs() < 1e-3 || number.abs() >= 1e15 {
        exact
    } else {
        rounded
    }
}

/// By a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) column: usize,
    pub(super) descending: bool,
}

/// The order after one more press on a column: upward, downward, as they came.
pub(super) fn turned(sort: Option<Sort>, at: usize) -> Option<Sort> {
    match sort {
        Some(Sort { column, descending: false }) if column == at => Some(Sort { column, descending: true }),
        Some(Sort { column, descending: true }) if column == at => None,
        _ => Some(Sort {
            column: at,
            descending: false,
        }),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// The first three rows of five thousand.
    pub(in crate::output) fn rows() -> Rows {
        Rows::parse(&json!({"columns": ["name", {"name": "n"}], "rows": [["b", 10], {"name": "A", "n": 9}, ["c", null]], "total": 5000}))
            .unwrap()
    }

    #[test]
    fn numbers_sort_as_numbers_and_empty_cells_stay_last() {
        let by_n = |descending| rows().ordered(Some(Sort { column: 1, descending }));
        assert_eq!((by_n(false), by_n(true)), (vec![1, 0, 2], vec![0, 1, 2]));
    }

    #[test]
    fn text_sorts_without_regard_to_case() {
        assert_eq!(
            rows().ordered(Some(Sort {
                column: 0,
                descending: false
            })),
            [1, 0, 2]
        );
    }

    #[test]
    fn floats_are_readable_and_small_ones_do_not_vanish() {
        let shown: Vec<String> = [0.1, 1.0 / 7.0, 2.0, 1e-9, 1e300].into_iter().map(short).collect();
        assert_eq!(shown, ["0.1", "0.142857", "2", "0.000000001", &1e300_f64.to_string()]);
    }

    #[test]
    fn only_what_came_along_is_found_here() {
        let large = Rows::parse(&json!({"columns": ["n"], "rows": vec![[1]; 1_000], "total": 5_000, "id": "t1"})).unwrap();
        let from = |from| Wanted { from, ..Wanted::default() };
        assert!(large.has(&from(900)) && !large.has(&from(1_000)));
        let sorted = Wanted {
            sort: turned(None, 0),
            ..Wanted::default()
        };
        assert!(!large.has(&sorted) && rows().total > 3);
    }
}
