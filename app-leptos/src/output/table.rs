//! Tables: sortable, with a header that stays in sight and columns of numbers aligned.

use std::cmp::Ordering;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use crate::icon::{Glyph, icon};
use crate::measure::grouped;

/// Rows drawn at first; more on request, so that a large table does not stall the page.
const ROWS_SHOWN: usize = 100;

/// A table's content.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows {
    columns: Arc<[Column]>,
    rows: Arc<[Vec<Value>]>,
    /// Of the whole table, when only its beginning came along.
    total: usize,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    is_number: bool,
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

fn display(value: &Value) -> String {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sort {
    column: usize,
    descending: bool,
}

/// A table.
#[component]
pub(crate) fn Table(
    /// What it shows.
    rows: Rows,
) -> impl IntoView {
    let sort = RwSignal::new(None::<Sort>);
    let shown = RwSignal::new(ROWS_SHOWN);
    let columns = Arc::clone(&rows.columns);
    let head = columns
        .iter()
        .enumerate()
        .map(|(at, column)| head_cell(at, column, sort))
        .collect_view();
    let count = if rows.total > rows.rows.len() {
        format!("first {} of {} rows", grouped(rows.rows.len() as u64), grouped(rows.total as u64))
    } else {
        format!("{} {}", grouped(rows.total as u64), if rows.total == 1 { "row" } else { "rows" })
    };
    let have = rows.rows.len();
    let body = move || {
        let rows = rows.clone();
        rows.ordered(sort.get())
            .into_iter()
            .take(shown.get())
            .filter_map(|at| rows.rows.get(at).map(|row| line(row, &rows.columns)))
            .collect_view()
    };
    view! {
        <div class="table-output">
            <div class="table-scroll" tabindex="0" role="group" aria-label="Table">
                <table class="table">
                    <thead><tr>{head}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <p class="table-foot">
                {count}
                <Show when=move || { shown.get() < have }>
                    <button type="button" class="more" on:click=move |_| shown.update(|rows| *rows += 10 * ROWS_SHOWN)>"Show more"</button>
                </Show>
            </p>
        </div>
    }
}

fn head_cell(at: usize, column: &Column, sort: RwSignal<Option<Sort>>) -> impl IntoView + use<> {
    let state = move || match sort.get() {
        Some(Sort { column, descending }) if column == at => {
            if descending {
                "descending"
            } else {
                "ascending"
            }
        }
        _ => "none",
    };
    let turn = move |_| {
        sort.update(|sort| {
            *sort = match *sort {
                Some(Sort { column, descending: false }) if column == at => Some(Sort { column, descending: true }),
                Some(Sort { column, descending: true }) if column == at => None,
                _ => Some(Sort {
                    column: at,
                    descending: false,
                }),
            };
        });
    };
    let mark = move || match state() {
        "ascending" => icon(Glyph::ArrowUp).into_any(),
        "descending" => icon(Glyph::ArrowDown).into_any(),
        _ => icon(Glyph::ArrowUpDown).into_any(),
    };
    view! {
        <th scope="col" class:number=column.is_number aria-sort=state>
            <button type="button" class="sort" on:click=turn>{column.name.clone()}{mark}</button>
        </th>
    }
}

fn line(row: &[Value], columns: &[Column]) -> impl IntoView + use<> {
    let cells = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let value = row.get(at).map(display).unwrap_or_default();
            view! { <td class:number=column.is_number>{value}</td> }
        })
        .collect_view();
    view! { <tr>{cells}</tr> }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows() -> Rows {
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
    fn a_cut_table_says_so() {
        let html = Owner::new_root(None).with(|| view! { <Table rows=rows()/> }.to_html());
        assert!(html.contains("first 3 of 5\u{202f}000 rows"), "{html}");
    }
}
