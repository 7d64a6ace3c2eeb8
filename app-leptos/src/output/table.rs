//! Tables: sorted, filtered and leafed through, with a header that stays in sight and columns of numbers aligned. What came along is sorted and
//! filtered here; the rest of a large table is with its kernel, which is asked for a page at a time.

use std::cmp::Ordering;
use std::sync::Arc;

use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::around::Around;
use crate::ask::{Refusal, ask};
use crate::browser::fetch::Ask;
use crate::browser::task;
use crate::icon::{Glyph, icon};
use crate::measure::grouped;

/// Rows of a page, so that a large table does not stall the browser.
const PAGE_ROWS: usize = 100;
/// Tables with more rows than this can be filtered.
const FILTER_FROM: usize = 10;
/// Pause after the last key before the kernel is asked for what fits.
const PAUSE_MS: i32 = 250;

/// A table's content.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows {
    columns: Arc<[Column]>,
    rows: Arc<[Vec<Value>]>,
    /// Of the whole table, when only its beginning came along.
    total: usize,
    /// Names the whole table to its kernel.
    id: Option<String>,
}

/// What is to be seen of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    /// The first row, after sorting and filtering.
    from: usize,
    sort: Option<Sort>,
    /// Some cell of a row holds this.
    filter: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
struct Found {
    /// The first row, after sorting and filtering.
    from: usize,
    rows: Vec<Vec<Value>>,
    /// How many rows fit the filter.
    fitting: usize,
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
            id: content.get("id").and_then(Value::as_str).map(str::to_owned),
        })
    }

    /// Can what is wanted be found among the rows that came along?
    fn has(&self, wanted: &Wanted) -> bool {
        self.total <= self.rows.len() || (wanted.sort.is_none() && wanted.filter.is_empty() && wanted.from + PAGE_ROWS <= self.rows.len())
    }

    /// What is wanted, of the rows that came along.
    fn find(&self, wanted: &Wanted) -> Found {
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
    async fn ask(&self, notebook: &str, wanted: &Wanted) -> Result<Found, Refusal> {
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
    /// Where it is shown.
    around: Around,
) -> impl IntoView {
    let wanted = RwSignal::new(Wanted::default());
    let found = RwSignal::new(rows.find(&Wanted::default()));
    let problem = RwSignal::new(None::<String>);
    let (have, total) = (rows.rows.len(), rows.total);
    let columns = Arc::clone(&rows.columns);
    let notebook = around.notebook.get_value().filter(|_| rows.id.is_some());
    let is_whole = total <= have || notebook.is_some();
    let rows = StoredValue::new(rows);
    let notebook = StoredValue::new(notebook);
    let look = Callback::new(move |next: Wanted| {
        wanted.set(next.clone());
        let is_typed = !next.filter.is_empty();
        let asked = notebook.get_value().filter(|_| !rows.with_value(|rows| rows.has(&next)));
        let Some(notebook) = asked else {
            problem.set(None);
            found.set(rows.with_value(|rows| rows.find(&next)));
            return;
        };
        task::spawn(async move {
            if is_typed {
                task::sleep(PAUSE_MS).await;
            }
            let is_wanted = || wanted.try_with_untracked(|wanted| *wanted == next).unwrap_or(false);
            if !is_wanted() {
                return;
            }
            let answer = rows.get_value().ask(&notebook, &next).await;
            if !is_wanted() {
                return;
            }
            match answer {
                Ok(page) => {
                    problem.set(None);
                    found.set(page);
                }
                Err(Refusal(why)) => problem.set(Some(why)),
            }
        });
    });
    let sort = Signal::derive(move || wanted.with(|wanted| wanted.sort));
    let turn = Callback::new(move |column: usize| {
        let Wanted { sort, filter, .. } = wanted.get_untracked();
        look.run(Wanted {
            from: 0,
            sort: turned(sort, column),
            filter,
        });
    });
    let head = columns
        .iter()
        .enumerate()
        .map(|(at, column)| head_cell(at, column, sort, turn))
        .collect_view();
    let body = move || found.with(|found| found.rows.iter().map(|row| line(row, &columns)).collect_view());
    let leaf = move |forth: bool| {
        let mut next = wanted.get_untracked();
        next.from = if forth {
            next.from + PAGE_ROWS
        } else {
            next.from.saturating_sub(PAGE_ROWS)
        };
        look.run(next);
    };
    let filter = (total > FILTER_FROM).then(|| {
        let typed = move |event| {
            let sort = wanted.with_untracked(|wanted| wanted.sort);
            look.run(Wanted {
                from: 0,
                sort,
                filter: event_target_value(&event),
            });
        };
        view! { <input class="input table-filter" type="search" placeholder="Filter rows" aria-label="Filter rows" autocomplete="off" on:input=typed/> }
    });
    let count = move || {
        let is_filtered = wanted.with(|wanted| !wanted.filter.is_empty());
        found.with(|found| counted(found, is_filtered, if is_whole { None } else { Some(have) }, total))
    };
    // Rows that are nowhere to be had cannot be leafed to.
    let last = move |found: &Found| if is_whole { found.fitting } else { found.fitting.min(have) };
    let is_first = move || found.with(|found| found.from == 0);
    let is_last = move || found.with(|found| found.from + PAGE_ROWS >= last(found));
    let is_long = move || found.with(|found| last(found) > PAGE_ROWS);
    view! {
        <div class="table-output">
            {filter}
            <div class="table-scroll" tabindex="0" role="group" aria-label="Table">
                <table class="table">
                    <thead><tr>{head}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <div class="table-foot">
                <span role="status">{count}</span>
                <Show when=is_long>
                    <button type="button" class="more" disabled=is_first on:click=move |_| leaf(false)>"Previous"</button>
                    <button type="button" class="more" disabled=is_last on:click=move |_| leaf(true)>"Next"</button>
                </Show>
            </div>
            {move || problem.get().map(|why| view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{why}</span></p> })}
        </div>
    }
}

/// Which rows are shown, of how many. `begun`: how many there are to be had when that is not all.
fn counted(found: &Found, is_filtered: bool, begun: Option<usize>, total: usize) -> String {
    let n = |n: usize| grouped(n as u64);
    let rows = |count: usize| if count == 1 { "row" } else { "rows" };
    let all = match begun {
        Some(have) => format!("the first {} of {} {}", n(have), n(total), rows(total)),
        None => format!("{} {}", n(total), rows(total)),
    };
    let fitting = if is_filtered { found.fitting } else { begun.unwrap_or(total) };
    match (found.rows.len(), is_filtered) {
        (0, true) => format!("none of {all}"),
        (shown, _) if shown < fitting => {
            let of = if is_filtered {
                format!("{} that fit, of {all}", n(fitting))
            } else {
                all
            };
            format!("{} to {} of {of}", n(found.from + 1), n(found.from + shown))
        }
        (shown, true) => format!("{} of {all}", n(shown)),
        (_, false) => all,
    }
}

/// The order after one more press on a column: upward, downward, as they came.
fn turned(sort: Option<Sort>, at: usize) -> Option<Sort> {
    match sort {
        Some(Sort { column, descending: false }) if column == at => Some(Sort { column, descending: true }),
        Some(Sort { column, descending: true }) if column == at => None,
        _ => Some(Sort {
            column: at,
            descending: false,
        }),
    }
}

fn head_cell(at: usize, column: &Column, sort: Signal<Option<Sort>>, turn: Callback<usize>) -> impl IntoView + use<> {
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
    let mark = move || match state() {
        "ascending" => icon(Glyph::ArrowUp).into_any(),
        "descending" => icon(Glyph::ArrowDown).into_any(),
        _ => icon(Glyph::ArrowUpDown).into_any(),
    };
    view! {
        <th scope="col" class:number=column.is_number aria-sort=state>
            <button type="button" class="sort" on:click=move |_| turn.run(at)>{column.name.clone()}{mark}</button>
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

    fn html(rows: Rows) -> String {
        Owner::new_root(None).with(|| {
            let around = Around {
                go_to: Callback::new(|_| {}),
                notebook: StoredValue::new(None),
            };
            view! { <Table rows around/> }.to_html()
        })
    }

    #[test]
    fn a_cut_table_says_so() {
        let html = html(rows());
        assert!(html.contains("the first 3 of 5\u{202f}000 rows"), "{html}");
    }

    #[test]
    fn rows_are_filtered_by_any_cell_and_counted() {
        let wanted = Wanted {
            filter: "B".into(),
            ..Wanted::default()
        };
        let found = rows().find(&wanted);
        assert_eq!((found.rows.len(), found.fitting), (1, 1));
        assert_eq!(counted(&found, true, None, 3), "1 of 3 rows");
        assert_eq!(counted(&Found::default(), true, None, 3), "none of 3 rows");
    }

    #[test]
    fn a_page_says_which_rows_it_has() {
        let found = Found {
            from: 100,
            rows: vec![vec![]; 100],
            fitting: 5_000,
        };
        assert_eq!(counted(&found, false, None, 5_000), "101 to 200 of 5\u{202f}000 rows");
        assert_eq!(
            counted(&found, true, None, 9_000),
            "101 to 200 of 5\u{202f}000 that fit, of 9\u{202f}000 rows"
        );
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
