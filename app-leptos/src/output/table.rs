//! A table as it is shown: sorted, filtered and leafed through, with a header that stays in sight and columns of numbers aligned.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::around::Around;
use super::rows::{Column, Found, PAGE_ROWS, Rows, Sort, Wanted, display, turned};
use crate::ask::Refusal;
use crate::browser::task;
use crate::icon::{Glyph, icon};
use crate::measure::grouped;

/// Tables with more rows than this can be filtered.
const FILTER_FROM: usize = 10;
/// Pause after the last key before the kernel is asked for what fits.
const PAUSE_MS: i32 = 250;

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
    use super::*;
    use crate::output::rows::tests::rows;

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
}
