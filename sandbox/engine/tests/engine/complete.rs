//! Completions.

use crate::lab::Lab;
use serde_json::{Value, json};

impl Lab {
    /// An answer that has to come.
    pub(crate) async fn ask(&mut self, question: Value) -> Value {
        self.kernel
            .ask(&question, selvedge_engine::AskLimits::default())
            .await
            .unwrap_or_else(|error| panic!("{question}: {error}"))
    }

    /// The completions at `|`.
    async fn complete(&mut self, code: &str) -> Value {
        let cursor = code.chars().take_while(|c| *c != '|').count();
        self.ask(json!({ "complete": { "code": code.replace('|', ""), "cursor": cursor } }))
            .await
    }
}

fn matches(reply: &Value) -> Vec<&str> {
    reply["matches"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

fn types<'a>(reply: &'a Value, text: &str) -> &'a str {
    reply["metadata"]["_jupyter_types_experimental"]
        .as_array()
        .unwrap()
        .iter()
        .find(|found| found["text"] == text)
        .and_then(|found| found["type"].as_str())
        .unwrap_or_default()
}

#[tokio::test]
async fn names_of_the_kernel_the_builtins_and_this_very_cell_are_offered() {
    let mut lab = Lab::new().await;
    lab.run("apples = 3\ndef appraise(): pass\nclass Apparatus: pass").await;
    let reply = lab.complete("appetite = 1\nprint(app|)").await;
    let found = matches(&reply);
    for name in ["apples", "appraise", "appetite"] {
        assert!(found.contains(&name), "{reply}");
    }
    assert_eq!((&reply["cursor_start"], &reply["cursor_end"]), (&json!(19), &json!(22)));
    assert_eq!((types(&reply, "appraise"), types(&reply, "Apparatus")), ("function", "class"));
    let reply = lab.complete("x = é + whi|").await;
    assert_eq!((matches(&reply), types(&reply, "while")), (vec!["while"], "keyword"));
    assert_eq!(reply["cursor_start"], 8, "counted in characters");
    assert!(matches(&lab.complete("isinst|").await).contains(&"isinstance"));
}

#[tokio::test]
async fn attributes_of_what_an_expression_gives() {
    let mut lab = Lab::new().await;
    lab.run("import json\nclass P:\n    x = 1\n    def __init__(self): self.weight = 2\n    @property\n    def half(self): return 1 / 0\n    def _hidden(self): pass\np = P()\nboxes = [{'a': p}]\ncalls = 0\ndef make():\n    global calls\n    calls += 1\n    return p").await;
    let reply = lab.complete("json.du|").await;
    assert_eq!(matches(&reply), ["dump", "dumps"]);
    let reply = lab.complete("p.|").await;
    let found = matches(&reply);
    assert!(
        ["half", "weight", "x"].iter().all(|name| found.contains(name)) && !found.iter().any(|name| name.starts_with('_')),
        "{reply}"
    );
    assert_eq!(types(&reply, "half"), "property");
    assert_eq!(matches(&lab.complete("p._hid|").await), ["_hidden"]);
    assert_eq!(matches(&lab.complete("boxes[0]['a'].wei|").await), ["weight"]);
    assert_eq!(matches(&lab.complete("'a, b'.split(',')[0].upp|").await), ["upper"]);
    assert_eq!(matches(&lab.complete("foo(p.wei|, 1)").await), ["weight"]);
    // A call is made in the copy, and nothing of it is seen in the kernel.
    assert_eq!(matches(&lab.complete("make().wei|").await), ["weight"]);
    assert_eq!(lab.value("calls").await, "0");
    assert!(matches(&lab.complete("nothing_like_that.|").await).is_empty());
    assert!(matches(&lab.complete("3.|").await).is_empty());
}

#[tokio::test]
async fn keys_arguments_and_modules() {
    let mut lab = Lab::new().await;
    lab.run("prices = {'apple': 1, 'apricot': 2, 'pear': 3, 5: 4}\ndef order(item, *, quantity=1, note=None): pass")
        .await;
    assert_eq!(matches(&lab.complete("prices['ap|").await), ["apple']", "apricot']"]);
    assert_eq!(matches(&lab.complete("prices['ap|']").await), ["apple", "apricot"]);
    let reply = lab.complete("order(1, q|").await;
    assert_eq!((matches(&reply)[0], types(&reply, "quantity=")), ("quantity=", "param"));
    let reply = lab.complete("order(item=1, |)").await;
    assert_eq!(matches(&reply), ["note=", "quantity="]);
    assert_eq!(matches(&lab.complete("import statis|").await), ["statistics"]);
    assert_eq!(matches(&lab.complete("import math, collec|").await), ["collections"]);
    assert_eq!(matches(&lab.complete("import collections.a|").await), ["abc"]);
    assert_eq!(matches(&lab.complete("from math import sqr|").await), ["sqrt"]);
    assert_eq!(matches(&lab.complete("from math import cos, sqr|").await), ["sqrt"]);
    assert!(matches(&lab.complete("from selvedge import ch|").await).contains(&"chart"));
}

#[tokio::test]
async fn nothing_is_offered_in_comments_and_ordinary_strings() {
    let mut lab = Lab::new().await;
    for code in ["# pri|", "x = 1  # pri|", "'pri|", "f('a', 'pri|", "\"\"\"pri|", "|", "x = 12|"] {
        let reply = lab.complete(code).await;
        assert!(matches(&reply).is_empty(), "{code}: {reply}");
    }
    assert!(matches(&lab.complete("'a' + pri|").await).contains(&"print"));
}

#[tokio::test]
async fn whether_source_is_whole() {
    let mut lab = Lab::new().await;
    for (code, expected) in [
        ("x = 1", json!({"status": "complete"})),
        ("def f():", json!({"status": "incomplete", "indent": "    "})),
        ("def f():\n    return 1", json!({"status": "incomplete", "indent": "    "})),
        ("def f():\n    return 1\n", json!({"status": "complete"})),
        ("f(1,", json!({"status": "incomplete", "indent": ""})),
        ("x = '''a", json!({"status": "incomplete", "indent": ""})),
        ("1 +* 2", json!({"status": "invalid"})),
        ("", json!({"status": "complete"})),
    ] {
        assert_eq!(lab.ask(json!({"is_complete": {"code": code}})).await, expected, "{code:?}");
    }
}
