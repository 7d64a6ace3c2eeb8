//! Jupyter's contract beyond single values: metadata, displays that change, large bundles, pages of tables, pictures of charts.

use crate::lab::Lab;
use selvedge_engine::{EventKind, Status};
use serde_json::json;

#[tokio::test]
async fn metadata_include_exclude_and_objects_that_show_themselves() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("class P:\n    def _repr_png_(self): return b'\\x89PNG', {'width': 10}\n    def _repr_html_(self): return '<b>'\n    def __repr__(self): return 'P'\nP()")
        .await;
    let (_, event) = &seen.events[0];
    assert_eq!(
        event,
        &json!({"data": {"text/html": "<b>", "image/png": "iVBORw==", "text/plain": "P"}, "metadata": {"image/png": {"width": 10}}})
    );
    let some = lab
        .run("display(P(), include=['text/html'])\ndisplay(P(), exclude=['text/html', 'image/png'], metadata={'x': 1})")
        .await;
    assert_eq!(some.events[0].1["data"], json!({"text/html": "<b>"}));
    assert_eq!(
        (&some.events[1].1["data"], &some.events[1].1["metadata"]["x"]),
        (&json!({"text/plain": "P"}), &json!(1))
    );
    let own = lab.run("class S:\n    def _ipython_display_(self): print('by myself')\nS()").await;
    assert_eq!((own.stdout().as_str(), own.events.len()), ("by myself\n", 1));
}

#[tokio::test]
async fn a_display_with_an_id_is_replaced_and_output_is_cleared() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("from selvedge import update_display, clear_output\nh = display('a', display_id=True)\nh.update('b')\nupdate_display('c', display_id='named')\nclear_output(wait=True)\ndisplay('d', display_id='named');")
        .await;
    assert_eq!(seen.end.status, Status::Succeeded, "{seen:?}");
    let events: Vec<_> = seen.events.iter().map(|(kind, data)| (*kind, data.clone())).collect();
    let id = events[0].1["display_id"].clone();
    assert!(id.is_string() && events[0].1.get("update").is_none());
    assert_eq!(
        (
            &events[1].1["display_id"],
            &events[1].1["update"],
            &events[1].1["data"]["text/plain"]
        ),
        (&id, &json!(true), &json!("'b'"))
    );
    assert_eq!(events[2].1["display_id"], "named");
    assert_eq!((&events[3].1["clear"], &events[3].1["wait"]), (&json!(true), &json!(true)));
    assert_eq!(events.len(), 5);
}

#[tokio::test]
async fn what_is_too_large_to_show_is_said_and_the_rest_is_shown() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("class Big:\n    def _repr_html_(self): return 'x' * 2_000_000\n    def __repr__(self): return 'big'\nBig()")
        .await;
    let bundle = seen.bundle(EventKind::Value);
    assert!(bundle.get("text/html").is_none());
    let text = bundle["text/plain"].as_str().unwrap();
    assert!(
        text.starts_with("big\n[too large to show: text/html (2,000,002 characters)"),
        "{text}"
    );
}

#[tokio::test]
async fn rows_beyond_the_first_thousand_are_asked_for_by_page() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import csv, io\nfrom selvedge import table\ntext = 'n,who\\n' + ''.join(f'{(i * 7) % 2500},p{i}\\n' for i in range(2_500))\ntable(csv.DictReader(io.StringIO(text)))")
        .await;
    let id = seen.long_table();
    let page = lab.ask(json!({"page": {"table": id, "from": 1_000, "count": 2}})).await;
    assert_eq!(
        (&page["rows"], &page["total"]),
        (&json!([["2000", "p1000"], ["2007", "p1001"]]), &json!(2_500))
    );
    let sorted = lab
        .ask(json!({"page": {"table": id, "from": 0, "count": 1, "sort": "who", "descending": true}}))
        .await;
    assert_eq!(sorted["rows"][0][1], "p999");
    lab.pages_are_filtered_and_gone(id).await;
}

#[tokio::test]
async fn a_chart_is_a_picture_and_a_sentence_as_well() {
    let mut lab = Lab::new().await;
    lab.run("from selvedge import chart").await;
    for mark in ["line", "bar", "point", "area"] {
        let seen = lab
            .run(&format!(
                "chart.{mark}([{{'t': i, 'v': i * i - 3, 'k': 'ab'[i % 2]}} for i in range(8)], x='t', y='v', color='k', title='A <b> & c')"
            ))
            .await;
        let bundle = seen.bundle(EventKind::Value);
        let svg = bundle["image/svg+xml"].as_str().unwrap_or_else(|| panic!("{mark}: {bundle}"));
        assert!(
            svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.ends_with("</svg>"),
            "{svg}"
        );
        assert!(
            svg.contains("A &lt;b&gt; &amp; c") && !svg.contains("<b>") && !svg.contains("NaN") && !svg.contains("nan"),
            "{svg}"
        );
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>"), "{svg}");
        assert!(bundle["text/plain"].as_str().unwrap().contains("-3 to 46"), "{bundle}");
    }
    for rows in [
        "[]",
        "[1]",
        "[5, 5, 5]",
        "[{'x': 'a', 'y': None}, {'x': 'b', 'y': 2}]",
        "[{'d': __import__('datetime').date(2024, 1, d), 'v': d} for d in (1, 2, 9)]",
        "[{'x': float('nan'), 'y': float('inf')}]",
    ] {
        for mark in ["line", "bar", "point", "area"] {
            let seen = lab.run(&format!("chart.{mark}({rows})")).await;
            if rows == "[]" {
                continue;
            }
            assert_eq!(seen.end.status, Status::Succeeded, "{mark} {rows}: {seen:?}");
            assert!(seen.bundle(EventKind::Value)["image/svg+xml"].is_string(), "{mark} {rows}");
        }
    }
}
