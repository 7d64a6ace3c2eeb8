//! What is said about the commonest mistakes, and the traceback as data.

use crate::lab::Lab;
use serde_json::{Value, json};

/// Source, and words that the hint has to have.
const MISTAKES: &[(&str, &str)] = &[
    ("import numpy", "needs native code"),
    ("import statistcs", "Did you mean `statistics`"),
    ("from math import squareroot", "`math` has no `squareroot`"),
    ("from math import sqr", "`math` has `sqrt`"),
    ("total = 1\ntotl", "Did you mean `total`?"),
    ("x = true", "Python writes `True`"),
    ("textwrap.dedent('a')", "`import textwrap` first"),
    ("np.array([1])", "needs native code"),
    ("qwertz", "Nothing is called `qwertz` yet"),
    ("n = 0\ndef f():\n    n += 1\nf()", "assigned further down"),
    ("'a'.uper()", "Did you mean `.upper`?"),
    ("x = [2, 1].sort()\nx.append(3)", "The value is None"),
    ("d = {'a': 1}\nd.a", "brackets: `['a']`"),
    ("d = {'apple': 1, 'pear': 2}\nd['aple']", "has the key 'apple'"),
    ("d = {1: 'a'}\nd['1']", "which is a number; '1' is text"),
    ("d = {'x': 1, 'y': 2}\nd['qqq']", "has the keys 'x', 'y'"),
    (
        "rows = [1, 2, 3]\nrows[7]",
        "has 3 items: the first is `rows[0]`, the last `rows[2]`",
    ),
    ("rows = []\nrows[0]", "`rows` is empty"),
    ("def f(a, b, *, c=1): pass\nf(1)", "called as `f(a, b, *, c=1)`"),
    ("class K:\n    def m(self, a): pass\nk = K()\nk.m(1, 2)", "called as `m(self, a)`"),
    ("'n: ' + 1", "`str(number)`"),
    ("1 + '2'", "`int(text)`"),
    ("list = [1]\nlist(range(3))", "`del list` gives that back"),
    ("{[1]: 2}", "a tuple instead of a list"),
    ("[1, 2]['a']", "by position"),
    ("for i in 3: pass", "`range(n)` counts up"),
    ("a, b = 7, 0\na / b", "`b` is 0 here"),
    ("int('3.5')", "`float('3.5')`"),
    ("int('1,000')", "takes them out"),
    ("float('1,5')", "`.replace(',', '.')`"),
    ("int('seven')", "The text is not a number"),
    ("a, b, c = [1, 2]", "2 values for 3 names"),
    ("a, b = [1, 2, 3]", "more values than names"),
    ("[1].remove(2)", "`if x in items:`"),
    ("b'\\xff'.decode()", "not UTF-8"),
    ("def f(n): return f(n + 1)\nf(0)", "`f` calls itself again and again"),
    ("open('data.csv', 'w').close()\nopen('dta.csv')", "has 'data.csv'"),
    ("open('/nowhere/x')", "no folder '/nowhere'"),
    ("input()", "no input left"),
    ("import json\njson.loads(\"{'a': 1}\")", "double quotes only"),
    ("d = {1: 2}\nfor k in d: d[k + 1] = 0", "Go through a copy"),
    ("assert 1 > 2", "`assert x"),
    ("bytearray(2 ** 31 - 1)", "more than the memory"),
    ("2.0 ** 10_000", "larger than a float"),
    (
        "import asyncio\nasync def f(): pass\nasync def g(): asyncio.run(f())\nawait g()",
        "write `await",
    ),
    // Source that cannot be read.
    ("total = (1 + 2\nprint(total)", "`(` in line 1 is never closed"),
    ("x = [1, 2)", "`[` in line 1 is closed by `)`"),
    ("x = 1)", "has no opening bracket"),
    ("if x = 3:\n    pass", "to compare write `==`"),
    ("for i in range(3)\n    print(i)", "ends with a colon"),
    ("def f(:\n    pass", "never closed"),
    ("if 1:\n\tx = 1\n        y = 2", "Tabs and spaces"),
    ("if 1:\nx = 1", "has to be indented"),
    ("x = 1\n  y = 2", "further right or left"),
    ("def f():\n    await g()", "needs `async def`"),
    ("return 5", "last expression by itself"),
    ("print 'hello'", "`print` is a function"),
    ("if 1:\n    pass\nelse if 2:\n    pass", "Python writes `elif`"),
    ("x = “hello”", "not a quote"),
    ("x = 'hello", "no closing quote"),
    ("x = 1\nx++", "`x += 1`"),
    ("True && False", "`and` and `or`"),
    ("!pip install numpy", "do not work here"),
    ("f'{a b}'", "one expression"),
    ("f(a=1, 2)", "come before those with one"),
    ("1 = x", "has to be a name"),
];

#[tokio::test]
async fn each_of_the_commonest_mistakes_has_a_hint() {
    let mut wrong = Vec::new();
    let mut lab = Lab::new().await;
    let before = lab.kernel.checkpoint().unwrap();
    for (source, words) in MISTAKES {
        lab.kernel = lab.engine.restore(&before, [1; 32]).await.unwrap();
        let seen = lab.run(source).await;
        if seen.end.error.is_none() {
            wrong.push(format!("{source:?} did not fail"));
            continue;
        }
        let told = seen.traceback();
        if !told["hint"].as_str().unwrap_or_default().contains(words) {
            wrong.push(format!("{source:?}: {} ({}) instead of {words:?}", told["hint"], told["message"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_traceback_is_data_as_well() {
    let mut lab = Lab::new().await;
    let told = lab
        .run("def divide(a, b):\n    return 'é' and a / b\n\ntry:\n    divide(1, 0)\nexcept ZeroDivisionError as e:\n    raise ValueError('bad') from e")
        .await
        .traceback();
    assert_eq!((&told["type"], &told["message"]), (&json!("ValueError"), &json!("bad")));
    assert_eq!(
        told["frames"],
        json!([{"label": "cell 1", "function": null, "line": 7, "end_line": 7, "column": 4, "end_column": 34, "source": "    raise ValueError('bad') from e"}])
    );
    let cause = &told["cause"];
    assert_eq!(
        (&cause["type"], cause["frames"].as_array().unwrap().len()),
        (&json!("ZeroDivisionError"), 2)
    );
    let last = &cause["frames"][1];
    assert_eq!(
        (&last["function"], &last["line"], &last["column"], &last["end_column"]),
        (&json!("divide"), &json!(2), &json!(19), &json!(24))
    );
    assert!(cause["hint"].as_str().unwrap().contains("`b` is 0"), "{cause}");
}

#[tokio::test]
async fn a_syntax_error_points_at_its_place_and_deep_tracebacks_are_cut() {
    let mut lab = Lab::new().await;
    let told = lab.run("x = 1\nfoo = (1 +* 2)\n").await.traceback();
    let frame = &told["frames"][0];
    assert_eq!((&frame["line"], &frame["source"]), (&json!(2), &json!("foo = (1 +* 2)")));
    assert!(frame["column"].as_u64().unwrap() >= 10, "{frame}");
    let deep = lab.run("def f(n):\n    if n == 0: 1 / 0\n    f(n - 1)\nf(200)").await.traceback();
    assert_eq!((deep["frames"].as_array().unwrap().len(), &deep["left_out"]), (50, &json!(152)));
}

#[tokio::test]
async fn a_hint_runs_none_of_the_users_code() {
    let mut lab = Lab::new().await;
    lab.run("calls = []\nclass Spy(dict):\n    def __contains__(self, key): calls.append(key); return False\n    def __getattr__(self, name): calls.append(name); raise AttributeError(name)\nspy = Spy()").await;
    lab.run("spy['x']").await;
    lab.run("spy.nothing").await;
    let calls: Value = serde_json::from_str(
        &lab.value("__import__('json').dumps([c for c in calls if c != 'nothing' and not c.startswith('_')])")
            .await
            .replace('\'', ""),
    )
    .unwrap();
    assert_eq!(calls, json!([]));
}
