//! marimo's names, as far as kernels have them.

use crate::lab::Lab;
use selvedge_engine::{EventKind, Status};
use serde_json::json;

const UI: &str = "application/vnd.selvedge.ui+json";

#[tokio::test]
async fn elements_show_themselves_and_take_values_from_outside() {
    let mut lab = Lab::new().await;
    let shown = lab
        .run("import marimo as mo\nlow = mo.ui.slider(1, 10, value=3, label='How many?')\nlow")
        .await;
    let element = &shown.bundle(EventKind::Value)[UI];
    assert_eq!(
        (&element["kind"], &element["label"], &element["value"], &element["stop"]),
        (&json!("slider"), &json!("How many?"), &json!(3), &json!(10))
    );
    let id = element["id"].as_str().unwrap().to_owned();
    lab.run(&format!("__import__('marimo').set_ui({id:?}, 7)")).await;
    assert_eq!(lab.value("low.value").await, "7");
    assert_eq!(lab.run(&format!("mo.set_ui({id:?}, 70)")).await.failure().kind, "ValueError");
    assert_eq!(lab.run("low.value = 4").await.failure().kind, "RuntimeError");
    let gone = lab.run("mo.set_ui('ui-999', 1)").await.failure();
    assert!(gone.message.contains("show it again"), "{gone:?}");
}

#[tokio::test]
async fn each_kind_of_element_makes_of_what_the_page_sends_what_marimo_would() {
    let mut lab = Lab::new().await;
    lab.run("import marimo as mo").await;
    for (element, sent, value) in [
        ("mo.ui.number(0, 5)", "2", "2"),
        ("mo.ui.range_slider(0, 9)", "[7, 2]", "[2, 7]"),
        ("mo.ui.text(max_length=3)", "'abcd'", "'abc'"),
        ("mo.ui.text_area('a')", "'b\\nc'", "'b\\nc'"),
        ("mo.ui.checkbox()", "True", "True"),
        ("mo.ui.switch(True)", "False", "False"),
        ("mo.ui.dropdown({'one': 1, 'two': 2}, value='one')", "['two']", "2"),
        ("mo.ui.radio(['a', 'b'])", "'b'", "'b'"),
        ("mo.ui.multiselect({'x': 10, 'y': 20})", "['x', 'y']", "[10, 20]"),
        ("mo.ui.button(on_click=lambda v: v + 1, value=0)", "None", "1"),
        ("mo.ui.run_button()", "True", "True"),
        (
            "mo.ui.date('2024-01-01', '2024-12-31', '2024-02-03')",
            "'2024-05-06'",
            "datetime.date(2024, 5, 6)",
        ),
        ("mo.ui.array([mo.ui.number(0, 9), mo.ui.text()])", "[4, 'z']", "[4, 'z']"),
        ("mo.ui.dictionary({'a': mo.ui.checkbox()})", "{'a': True}", "{'a': True}"),
        ("mo.ui.text().form()", "'done'", "'done'"),
        ("mo.ui.table([{'a': 1}, {'a': 2}])", "[1]", "[{'a': 2}]"),
        (
            "mo.ui.file()",
            "[{'name': 'x', 'contents': 'aGk='}]",
            "[namespace(name='x', contents=b'hi')]",
        ),
        ("mo.ui.tabs({'A': 1, 'B': 2})", "'B'", "'B'"),
        ("mo.md('{a}').batch(a=mo.ui.number(0, 3))", "{'a': 2}", "{'a': 2}"),
    ] {
        let seen = lab.run(&format!("e = {element}\nmo.set_ui(e._id, {sent})\ne.value")).await;
        assert_eq!(seen.end.status, Status::Succeeded, "{element}: {seen:?}");
        assert_eq!(seen.value(), value, "{element}");
        assert_eq!(lab.run("e").await.end.status, Status::Succeeded, "{element} shows");
    }
    assert_eq!(
        lab.value("seen = []\nn = mo.ui.number(0, 9, on_change=seen.append)\nmo.set_ui(n._id, 5)\nseen")
            .await,
        "[5]"
    );
    assert_eq!(lab.run("mo.ui.dropdown(['a'], value='z')").await.failure().kind, "ValueError");
}

#[tokio::test]
async fn things_are_laid_out_as_html_with_text_beside_it() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import marimo as mo\ns = mo.ui.slider(1, 3)\nmo.vstack([mo.md(f'# Title\\n\\n- **a** {s}\\n- `b`'), mo.hstack([1, '<2>']), mo.callout('careful', kind='warn'), mo.stat(42, label='answer'), mo.accordion({'more': [1, 2]})])")
        .await;
    let bundle = seen.bundle(EventKind::Value);
    let html = bundle["text/html"].as_str().unwrap();
    for part in [
        "<h1>Title</h1>",
        "<strong>a</strong>",
        "<selvedge-ui data-element=",
        "&lt;2&gt;",
        "data-kind=\"warn\"",
        "<details><summary>more",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(bundle["text/plain"].as_str().unwrap().contains("careful"), "{bundle}");
    assert!(lab.run("mo.md('# x')").await.bundle(EventKind::Value)["text/markdown"] == "# x");
}

#[tokio::test]
async fn stop_ends_a_cell_and_shows_its_output() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import marimo as mo\nx = 1\nmo.stop(x == 1, mo.md('not yet'))\nx = 2")
        .await;
    assert_eq!(seen.end.status, Status::Succeeded, "{seen:?}");
    assert_eq!(seen.bundle(EventKind::Value)["text/plain"], "not yet");
    assert_eq!(lab.value("x").await, "1");
    assert_eq!(lab.value("get, put = mo.state(1)\nput(lambda n: n + 1)\nget()").await, "2");
}

#[tokio::test]
async fn notebooks_in_files_are_imported_and_run_in_the_order_of_their_names() {
    let mut lab = Lab::new().await;
    let notebook = "import marimo\n__generated_with = \"0.24.0\"\napp = marimo.App(width=\"compact\")\n\n@app.cell\ndef _(x):\n    y = x + 1\n    y * 10\n    return (y,)\n\n@app.cell\ndef first():\n    import math\n    x = 1\n    return math, x\n\n@app.cell(hide_code=True)\ndef _(mo, y):\n    mo.stop(y == 2, \"stopped\")\n    z = 1\n    return (z,)\n\n@app.cell\ndef _(z):\n    z\n    return\n\n@app.cell\ndef _():\n    import marimo as mo\n    return (mo,)\n\nif __name__ == \"__main__\":\n    app.run()\n";
    lab.run(&format!(
        "open('notebook.py', 'w').write({})",
        serde_json::to_string(notebook).unwrap()
    ))
    .await;
    let seen = lab
        .run("import notebook\noutputs, defs = notebook.app.run()\n(outputs, defs['y'], sorted(defs))")
        .await;
    assert_eq!(seen.value(), "((20, None, 'stopped', None, None), 2, ['math', 'mo', 'x', 'y'])");
    assert_eq!(lab.value("notebook.first.run()[1]['x']").await, "1");
}

#[tokio::test]
async fn what_is_not_supported_says_why_and_progress_replaces_itself() {
    let mut lab = Lab::new().await;
    lab.run("import marimo as mo").await;
    for (code, words) in [
        ("mo.ui.plotly", "selvedge.chart"),
        ("mo.sql('select 1')", "duckdb"),
        ("mo.ui.anywidget", "JavaScript"),
    ] {
        let failure = lab.run(code).await.failure();
        assert!(
            failure.kind == "NotImplementedError" && failure.message.contains(words),
            "{failure:?}"
        );
    }
    assert_eq!(lab.run("mo.nothing").await.failure().kind, "AttributeError");
    let seen = lab
        .run("total = 0\nfor i in mo.status.progress_bar(range(3), title='Work'):\n    total += i\ntotal")
        .await;
    let shown: Vec<_> = seen.events.iter().filter(|(kind, _)| *kind == EventKind::Display).collect();
    assert!(
        shown.len() >= 3
            && shown[1..]
                .iter()
                .all(|(_, data)| data["update"] == true && data["display_id"] == shown[0].1["display_id"]),
        "{shown:?}"
    );
}

#[tokio::test]
async fn the_published_table_is_what_the_module_says() {
    let mut lab = Lab::new().await;
    let made = lab
        .run("import marimo._support\nprint(marimo._support.table(), end='')")
        .await
        .stdout();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/marimo.md");
    if std::env::var_os("SELVEDGE_WRITE_DOCS").is_some() {
        std::fs::write(page, &made).unwrap();
    }
    assert!(made.lines().count() > 80, "{made}");
    assert_eq!(
        std::fs::read_to_string(page).unwrap(),
        made,
        "run this test with SELVEDGE_WRITE_DOCS=1 and commit docs/marimo.md"
    );
}
