use crate::lab::Lab;
use selvedge_engine::{EventKind, Status};
use serde_json::json;

#[tokio::test]
async fn values_say_how_they_look_as_in_jupyter() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("class A:\n    def _repr_html_(self): return '<b>é</b>'\n    def _repr_markdown_(self): return None\n    def _repr_json_(self): return {'a': 1}\n    def __repr__(self): return 'A!'\nA()")
        .await;
    assert_eq!(
        seen.bundle(EventKind::Value),
        json!({ "text/html": "<b>é</b>", "application/json": { "a": 1 }, "text/plain": "A!" })
    );
    let all = lab
        .run("class B:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {'text/html': 'mine', 'x/y': 1}, {}\n    def _repr_html_(self): return 'not this'\n    def _repr_svg_(self): return '<svg/>'\ndisplay(B())")
        .await;
    let bundle = all.bundle(EventKind::Display);
    assert_eq!(
        (&bundle["text/html"], &bundle["x/y"], &bundle["image/svg+xml"]),
        (&json!("mine"), &json!(1), &json!("<svg/>")),
        "{bundle}"
    );
    assert_eq!(lab.value("A").await, "<class '__main__.A'>");
}

#[tokio::test]
async fn display_shows_each_value_and_raw_bundles() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import selvedge\ndisplay(1, 'a')\ndisplay({'text/html': '<i>'}, raw=True)\ndisplay(selvedge.markdown('# T'))")
        .await;
    let shown: Vec<_> = seen.events.into_iter().map(|(_, event)| event["data"].clone()).collect();
    assert_eq!(
        shown,
        [
            json!({"text/plain": "1"}),
            json!({"text/plain": "'a'"}),
            json!({"text/html": "<i>"}),
            json!({"text/markdown": "# T", "text/plain": "# T"})
        ]
    );
}

#[tokio::test]
async fn a_table_has_typed_columns_its_first_thousand_rows_and_the_count() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("from selvedge import table\nimport datetime\ntable([{'n': i, 'x': i / 4, 'who': f'<{i}>', 'ok': i > 1, 'day': datetime.date(2024, 1, 1 + i % 9)} for i in range(1_001)])")
        .await;
    let bundle = seen.bundle(EventKind::Value);
    let table = &bundle["application/vnd.selvedge.table+json"];
    assert_eq!(
        table["columns"],
        json!([{"name": "n", "type": "integer"}, {"name": "x", "type": "number"}, {"name": "who", "type": "text"}, {"name": "ok", "type": "boolean"}, {"name": "day", "type": "date"}])
    );
    assert_eq!(table["total"], 1_001);
    assert_eq!(table["rows"].as_array().unwrap().len(), 1_000);
    assert_eq!(table["rows"][1], json!([1, 0.25, "<1>", false, "2024-01-02"]));
    assert!(
        bundle["text/html"].as_str().unwrap().contains("<td>&lt;1&gt;</td>"),
        "{}",
        bundle["text/html"]
    );
    let text = bundle["text/plain"].as_str().unwrap();
    assert!(text.starts_with("n   x") && text.ends_with("1,001 rows in all"), "{text}");
}

#[tokio::test]
async fn tables_take_what_people_call_rows() {
    let mut lab = Lab::new().await;
    for (rows, columns, first) in [
        ("[[1, 'a'], [2, 'b']]", json!(["column 1", "column 2"]), json!([1, "a"])),
        ("[(1, 'a')], columns=['id', 'name']", json!(["id", "name"]), json!([1, "a"])),
        ("{'a': [1, 2], 'b': [3]}", json!(["a", "b"]), json!([1, 3])),
        ("[{'a': 1}, {'b': 2}]", json!(["a", "b"]), json!([1, null])),
        ("({'a': i} for i in range(3))", json!(["a"]), json!([0])),
        (
            "[{'a': 10**30, 'b': float('nan')}]",
            json!(["a", "b"]),
            json!(["1000000000000000000000000000000", "nan"]),
        ),
    ] {
        let seen = lab.run(&format!("from selvedge import table\ntable({rows})")).await;
        let table = &seen.bundle(EventKind::Value)["application/vnd.selvedge.table+json"];
        let names: Vec<_> = table["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| column["name"].clone())
            .collect();
        assert_eq!((json!(names), &table["rows"][0]), (columns, &first), "{rows}");
    }
    let empty = lab.run("table([])").await;
    assert_eq!(empty.end.status, Status::Succeeded, "{empty:?}");
}

#[tokio::test]
async fn a_chart_is_a_vega_lite_specification_with_its_data() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("from selvedge import chart\nchart.line([{'t': 1, 'v.x': 2.5, 'k': 'a', 'no': 0}, {'t': 2, 'v.x': float('inf'), 'k': 'b', 'no': 0}], x='t', y='v.x', color='k', title='T')")
        .await;
    let bundle = seen.bundle(EventKind::Value);
    let spec = &bundle["application/vnd.vegalite.v6+json"];
    assert_eq!(
        spec["data"]["values"],
        json!([{"t": 1, "v.x": 2.5, "k": "a"}, {"t": 2, "v.x": null, "k": "b"}])
    );
    assert_eq!(spec["mark"]["type"], "line");
    assert_eq!(
        (&spec["encoding"]["y"]["field"], &spec["encoding"]["y"]["type"]),
        (&json!("v\\.x"), &json!("quantitative"))
    );
    assert_eq!(spec["encoding"]["color"]["type"], "nominal");
    assert_eq!(spec["title"], "T");
    assert!(
        bundle["text/plain"].as_str().unwrap().starts_with("Line chart “T”: v.x"),
        "{bundle}"
    );
    for mark in ["bar", "point", "area"] {
        let seen = lab.run(&format!("chart.{mark}([3, 1, 2])")).await;
        let spec = &seen.bundle(EventKind::Value)["application/vnd.vegalite.v6+json"];
        assert_eq!(
            (&spec["mark"]["type"], spec["data"]["values"].as_array().unwrap().len()),
            (&json!(mark), 3)
        );
    }
}

#[tokio::test]
async fn a_chart_of_too_much_or_of_a_column_that_is_not_there_says_so() {
    let mut lab = Lab::new().await;
    let missing = lab
        .run("from selvedge import chart\nchart.bar([{'a': 1, 'b': 2}], x='z')")
        .await
        .failure();
    assert_eq!(
        (missing.kind.as_str(), missing.message.as_str()),
        ("ValueError", "there is no column 'z'; there are 'a', 'b'")
    );
    assert_eq!(
        missing.traceback.matches("File ").count(),
        1,
        "only the user's frames: {}",
        missing.traceback
    );
    let many = lab.run("chart.line(range(5_001))").await.failure();
    assert!(many.message.contains("at most 5,000 rows"), "{many:?}");
    assert_eq!(lab.run("chart.line(range(5_000))").await.end.status, Status::Succeeded);
}

#[tokio::test]
async fn long_values_are_cut_and_odd_text_survives() {
    let mut lab = Lab::new().await;
    let long = lab.value("'a' * 100_000").await;
    assert!(
        long.ends_with("… (100,002 characters in all)") && long.len() < 66_000,
        "{}",
        long.len()
    );
    assert_eq!(lab.value("'\\ud800 é \\x00 \"'").await, "'\\ud800 é \\x00 \"'");
    let surrogate = lab
        .run("class S:\n    def __repr__(self): return '<\\ud800>'\nprint('\\ud800é')\nS()")
        .await;
    assert_eq!(surrogate.end.status, Status::Succeeded, "{surrogate:?}");
    assert_eq!(surrogate.stdout(), "\u{fffd}é\n");
    assert_eq!(surrogate.value(), "<\u{fffd}>");
}
