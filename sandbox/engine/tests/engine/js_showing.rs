//! What JavaScript cells show beyond single values, and the URLs that they take apart.

use crate::js_lab::lab;
use selvedge_engine::EventKind;
use serde_json::json;

#[tokio::test]
async fn what_was_shown_can_be_replaced_and_removed() {
    let mut lab = lab().await;
    let seen = lab
        .run("const shown = display.live('one'); shown.update('two'); display.update('mine', { 'text/html': '<b>' }); display.clear({ wait: true }); shown.id")
        .await;
    let displays: Vec<_> = seen
        .events
        .iter()
        .filter(|(kind, _)| *kind == EventKind::Display)
        .map(|(_, data)| data)
        .collect();
    assert_eq!(
        displays,
        [
            &json!({"data": {"text/plain": "'one'"}, "metadata": {}, "display_id": "display-1"}),
            &json!({"data": {"text/plain": "'two'"}, "metadata": {}, "display_id": "display-1", "update": true}),
            &json!({"data": {"text/html": "<b>"}, "metadata": {}, "display_id": "mine", "update": true}),
            &json!({"data": {}, "metadata": {}, "clear": true, "wait": true}),
        ]
    );
    assert_eq!(seen.value(), "'display-1'");
}

#[tokio::test]
async fn rows_beyond_the_first_thousand_are_asked_for_by_page() {
    let mut lab = lab().await;
    let seen = lab
        .run("selvedge.table(Array.from({ length: 2500 }, (_, i) => ({ n: (i * 7) % 2500, who: i === 3 ? null : `p${i}` })))")
        .await;
    let id = seen.long_table();
    let page = lab.ask(json!({"page": {"table": id, "from": 1_000, "count": 2}})).await;
    assert_eq!(
        (&page["rows"], &page["total"]),
        (&json!([[2000, "p1000"], [2007, "p1001"]]), &json!(2_500))
    );
    let sorted = lab
        .ask(json!({"page": {"table": id, "count": 2, "sort": "n", "descending": true}}))
        .await;
    assert_eq!((&sorted["rows"][0][0], &sorted["rows"][1][0]), (&json!(2499), &json!(2498)));
    let last = lab.ask(json!({"page": {"table": id, "from": 2_499, "sort": "who"}})).await;
    assert_eq!(last["rows"], json!([[21, null]]), "nothing comes after everything");
    lab.pages_are_filtered_and_gone(id).await;
    assert_eq!(
        lab.value("typeof selvedge.page").await,
        "'undefined'",
        "only whoever runs cells has it"
    );
}

#[tokio::test]
async fn urls_are_those_of_the_standard() {
    let mut lab = lab().await;
    // As browsers have them.
    for (given, base, href) in [
        (
            "https://user:pw@EXÄMPLE.com:443/a/./b/../c?q='x y'#f g",
            "",
            "https://user:pw@xn--exmple-cua.com/a/c?q=%27x%20y%27#f%20g",
        ),
        ("../b?x#y", "http://h/a/c/d", "http://h/a/b?x#y"),
        ("//other:8080", "https://h/a", "https://other:8080/"),
        ("http:\\\\h\\a", "", "http://h/a"),
        ("http://0x7f.1/", "", "http://127.0.0.1/"),
        ("http://[1:0:0:2::0.0.0.3]/", "", "http://[1:0:0:2::3]/"),
        ("mailto:a@b?subject=é", "", "mailto:a@b?subject=%C3%A9"),
        ("file:///a/../b", "", "file:///b"),
        ("foo://h/%7e/é", "", "foo://h/%7e/%C3%A9"),
        ("http://h:99999/", "", "TypeError"),
        ("http://a b/", "", "TypeError"),
        ("/a", "", "TypeError"),
        ("http://256.1.1.1", "", "TypeError"),
    ] {
        let base = if base.is_empty() {
            String::new()
        } else {
            format!(", {}", json!(base))
        };
        let code = format!("try {{ new URL({}{base}).href }} catch (error) {{ error.name }}", json!(given));
        assert_eq!(lab.value(&code).await, format!("{}", json!(href)).replace('"', "'"), "{given}");
    }
    let code = "const u = new URL('http://h/?a=1&b=2'); u.searchParams.append('c', 'd e'); u.searchParams.delete('a'); u.port = '8080'; u.hash = 'x'; `${u} ${u.origin} ${u.searchParams.size} ${JSON.stringify({ u })}`";
    assert_eq!(
        lab.value(code).await,
        "'http://h:8080/?b=2&c=d+e#x http://h:8080 2 {\"u\":\"http://h:8080/?b=2&c=d+e#x\"}'"
    );
    let code = "const p = new URLSearchParams('?a=%E9&b=1+2&a'); p.sort(); p.set('n', '*~'); [...p, `${p}`]";
    assert_eq!(
        lab.value(code).await,
        "[\n  [ 'a', '\u{fffd}' ],\n  [ 'a', '' ],\n  [ 'b', '1 2' ],\n  [ 'n', '*~' ],\n  'a=%EF%BF%BD&a=&b=1+2&n=*%7E'\n]"
    );
}
