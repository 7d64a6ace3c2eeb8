//! What JavaScript cells find beside the language.

use crate::js_lab::lab;
use selvedge_engine::{EventKind, Status};
use serde_json::json;

#[tokio::test]
async fn the_console_does_what_its_standard_says() {
    let mut lab = lab().await;
    let seen = lab
        .run("console.log('%s is %d, %i, %j %%', 'x', 42.5, 42.5, { a: 1 }, [1], 'end')\nconsole.info({ a: { b: { c: { d: 1 } } } })\nconsole.group('G'); console.log('in\\nside'); console.groupEnd(); console.log('out')\nconsole.count(); console.count('c'); console.count(); console.countReset(); console.count()\nconsole.table([{ a: 1, b: 'x' }, { a: 2 }])\nconsole.dir({ a: { b: { c: { d: 1 } } } }, { depth: null })")
        .await;
    assert_eq!(
        seen.stdout(),
        "x is 42.5, 42, {\"a\":1} % [ 1 ] end\n{ a: { b: { c: [Object] } } }\nG\n  in\n  side\nout\ndefault: 1\nc: 1\ndefault: 2\ndefault: 1\n\
         ┌─────────┬───┬─────┐\n│ (index) │ a │ b   │\n├─────────┼───┼─────┤\n│ 0       │ 1 │ 'x' │\n│ 1       │ 2 │     │\n└─────────┴───┴─────┘\n\
         { a: { b: { c: { d: 1 } } } }\n"
    );
    let seen = lab
        .run("console.error('e'); console.warn({ a: 1 }); console.assert(true, 'no'); console.assert(1 > 2, 'sum', 3); console.trace('here')")
        .await;
    assert_eq!(
        seen.text(EventKind::Stderr),
        "e\n{ a: 1 }\nAssertion failed: sum 3\nTrace: here\n    at cell 1:1:113\n"
    );
    let seen = lab.run("console.time('t'); console.timeEnd('t'); console.timeEnd('t')").await;
    assert!(seen.stdout().starts_with("t: ") && seen.stdout().ends_with("ms\n"), "{seen:?}");
    assert_eq!(seen.text(EventKind::Stderr), "There is no timer 't'\n");
}

#[tokio::test]
async fn values_look_as_in_node() {
    let mut lab = lab().await;
    for (code, shown) in [
        ("'it\\'s\\n'", "\"it's\\n\""),
        ("-0", "-0"),
        ("10n ** 20n", "100000000000000000000n"),
        ("[1, , 'a', [2, [3, [4]]]]", "[ 1, <1 empty item>, 'a', [ 2, [ 3, [Array] ] ] ]"),
        ("({ a: 1, 'b c': 2, [Symbol('s')]: 3 })", "{ a: 1, 'b c': 2, [Symbol(s)]: 3 }"),
        (
            "new Map([[1, { x: 2 }], ['k', new Set(['v'])]])",
            "Map(2) { 1 => { x: 2 }, 'k' => Set(1) { 'v' } }",
        ),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Date(NaN)", "Invalid Date"),
        (
            "[/a+/gi, Symbol.iterator, null, undefined, true]",
            "[ /a+/gi, Symbol(Symbol.iterator), null, undefined, true ]",
        ),
        ("class P { a = 1; #b = 2 }\nnew P()", "P { a: 1 }"),
        (
            "[class A {}, class B extends Map {}, function f() {}, () => {}, async () => {}]",
            "[\n  [class A],\n  [class B extends Map],\n  [Function: f],\n  [Function (anonymous)],\n  [AsyncFunction (anonymous)]\n]",
        ),
        ("const c = { n: 1 }; c.self = c; c", "<ref *1> { n: 1, self: [Circular *1] }"),
        ("Object.create(null)", "[Object: null prototype] {}"),
        (
            "({ get a() { throw 1 }, set b(v) {}, get c() { return 1 }, set c(v) {} })",
            "{ a: [Getter], b: [Setter], c: [Getter/Setter] }",
        ),
        (
            "[new Uint8Array(3), new ArrayBuffer(8), new Float64Array([1.5])]",
            "[\n  Uint8Array(3) [ 0, 0, 0 ],\n  ArrayBuffer { byteLength: 8 },\n  Float64Array(1) [ 1.5 ]\n]",
        ),
        (
            "[Promise.resolve(4), new Promise(() => {}), new WeakMap(), Object(1n)]",
            "[\n  Promise { 4 },\n  Promise { <pending> },\n  WeakMap { <items unknown> },\n  [BigInt: 1n]\n]",
        ),
        (
            "new Proxy({ a: 1 }, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } })",
            "{ a: 1 }",
        ),
        ("[new Error('bad', { cause: 'why' })].length", "1"),
        ("new Array(1e9)", "[ <1000000000 empty items> ]"),
    ] {
        assert_eq!(lab.value(code).await, shown, "{code}");
    }
    let long = lab.value("Array.from({ length: 1000 }, (_, i) => i)").await;
    assert!(
        long.ends_with("... 900 more items\n]") && long.lines().all(|line| line.len() <= 80),
        "{long}"
    );
    for huge in [
        "'x'.repeat(10_000_000)",
        "Array(100).fill('y'.repeat(9_000))",
        "Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => ['k' + i, i]))",
    ] {
        let text = lab.value(huge).await;
        assert!(text.chars().count() < 66_000, "{huge}: {}", text.len());
    }
}

#[tokio::test]
async fn objects_say_how_they_look_and_bundles_are_shown() {
    let mut lab = lab().await;
    let seen = lab
        .run("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>é</b>', 'text/plain': 'é' }) })")
        .await;
    assert_eq!(seen.bundle(EventKind::Value), json!({ "text/html": "<b>é</b>", "text/plain": "é" }));
    let seen = lab
        .run("display({ 'text/html': '<i>' }); display(1, 'a'); display({ a: 1 }); display(selvedge.markdown('# T'))")
        .await;
    let shown: Vec<_> = seen.events.into_iter().map(|(_, data)| data["data"].clone()).collect();
    assert_eq!(
        shown,
        [
            json!({"text/html": "<i>"}),
            json!({"text/plain": "1"}),
            json!({"text/plain": "'a'"}),
            json!({"text/plain": "{ a: 1 }"}),
            json!({"text/markdown": "# T", "text/plain": "# T"})
        ]
    );
    assert_eq!(
        lab.run("display('\\ud800')").await.bundle(EventKind::Display),
        json!({"text/plain": "'\\ud800'"})
    );
    let large = lab
        .run("display({ 'text/html': 'x'.repeat(2_000_000), 'text/plain': 'small' })")
        .await;
    let bundle = large.bundle(EventKind::Display);
    assert!(
        bundle["text/plain"]
            .as_str()
            .unwrap()
            .starts_with("small\n[too large to show: text/html"),
        "{large:?}"
    );
}

#[tokio::test]
async fn tables_and_charts_are_those_of_python() {
    let mut lab = lab().await;
    let seen = lab
        .run("selvedge.table(Array.from({ length: 1001 }, (_, i) => ({ n: i, x: i / 4, who: `<${i}>`, ok: i > 1, day: new Date(864e5 * i), big: 10n ** 20n })))")
        .await;
    let bundle = seen.bundle(EventKind::Value);
    let table = &bundle["application/vnd.selvedge.table+json"];
    assert_eq!(
        table["columns"],
        json!([{"name": "n", "type": "integer"}, {"name": "x", "type": "number"}, {"name": "who", "type": "text"}, {"name": "ok", "type": "boolean"}, {"name": "day", "type": "datetime"}, {"name": "big", "type": "integer"}])
    );
    assert_eq!((&table["total"], table["rows"].as_array().unwrap().len()), (&json!(1_001), 1_000));
    assert_eq!(
        table["rows"][1],
        json!([1, 0.25, "<1>", false, "1970-01-02T00:00:00.000Z", "100000000000000000000"])
    );
    assert!(bundle["text/html"].as_str().unwrap().contains("<td>&lt;1&gt;</td>"));
    assert!(bundle["text/plain"].as_str().unwrap().ends_with("1,001 rows in all"));
    for (rows, columns, first) in [
        ("[[1, 'a'], [2, 'b']]", json!(["column 1", "column 2"]), json!([1, "a"])),
        ("[[1, 'a']], { columns: ['id', 'name'] }", json!(["id", "name"]), json!([1, "a"])),
        ("{ a: [1, 2], b: [3] }", json!(["a", "b"]), json!([1, 3])),
        ("[{ a: 1 }, { b: 2 }], { columns: ['b', 'a'] }", json!(["b", "a"]), json!([null, 1])),
        ("(function* () { yield 0 })()", json!(["column 1"]), json!([0])),
    ] {
        let seen = lab.run(&format!("selvedge.table({rows})")).await;
        let table = &seen.bundle(EventKind::Value)["application/vnd.selvedge.table+json"];
        let names: Vec<_> = table["columns"].as_array().unwrap().iter().map(|column| &column["name"]).collect();
        assert_eq!((json!(names), &table["rows"][0]), (columns, &first), "{rows}");
    }
    let wrong = lab.run("selvedge.table([{ a: 1 }], { columns: ['z'] })").await.failure();
    assert_eq!(
        (wrong.kind.as_str(), wrong.message.as_str()),
        ("RangeError", "there is no column 'z'; there are 'a'")
    );
    let seen = lab
        .run(
            "selvedge.chart.line([{ 'a.b': 1, v: 2, c: 'x' }, { 'a.b': 2, v: 3.5, c: 'y' }], { x: 'a.b', y: 'v', color: 'c', title: 'T' })",
        )
        .await;
    let bundle = seen.bundle(EventKind::Value);
    let spec = &bundle["application/vnd.vegalite.v6+json"];
    assert_eq!(
        spec["encoding"]["x"],
        json!({"field": "a\\.b", "type": "quantitative", "title": "a.b"})
    );
    assert_eq!(spec["mark"], json!({"type": "line", "tooltip": true, "point": true}));
    assert_eq!(
        bundle["text/plain"],
        "Line chart “T”: v (2 to 3.5) over a.b (1 to 2), 2 rows, 2 values of c"
    );
}

#[tokio::test]
async fn functions_of_the_web_platform_are_there() {
    let mut lab = lab().await;
    for (code, value) in [
        ("new TextDecoder().decode(new TextEncoder().encode('é€😀\\ud800'))", "'é€😀�'"),
        ("new TextEncoder().encode('é') instanceof Uint8Array", "true"),
        (
            "const d = new TextDecoder(); d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + d.decode(new Uint8Array([0xac]))",
            "'€'",
        ),
        (
            "try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])) } catch (e) { e instanceof TypeError }",
            "true",
        ),
        ("atob(btoa('hello'))", "'hello'"),
        (
            "const o = { m: new Map([[1, new Date(0)]]), b: [1n], u: new Uint8Array([1]) }; o.self = o; const q = structuredClone(o); q !== o && q.self === q && q.m instanceof Map && q.m.get(1).getTime() === 0 && q.u[0]",
            "1",
        ),
        (
            "try { structuredClone(() => 1) } catch (e) { `${e.name} ${e instanceof DOMException}` }",
            "'DataCloneError true'",
        ),
        ("crypto.getRandomValues(new Uint8Array(4)).length", "4"),
        (
            "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())",
            "true",
        ),
        (
            "const t = performance.now(); await new Promise((r) => setTimeout(r, 3)); performance.now() - t >= 3",
            "true",
        ),
        ("Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 50", "true"),
        ("new Date(2020, 0, 1).getTimezoneOffset()", "0"),
        (
            "typeof Atomics + typeof SharedArrayBuffer + typeof process + typeof require",
            "'undefinedundefinedundefinedundefined'",
        ),
        ("(await import('selvedge/table')).Table.name", "'Table'"),
    ] {
        assert_eq!(lab.value(code).await, value, "{code}");
    }
    for (code, hint) in [
        ("fetch('x')", "no network"),
        ("require('fs')", "no modules"),
        ("await import('fs')", "no modules"),
        ("process.exit()", "not Node"),
    ] {
        let failure = lab.run(code).await.failure();
        assert!(
            failure.kind == "ReferenceError" && failure.message.contains(hint),
            "{code}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn the_kernel_answers_about_its_state_without_running_the_users_code() {
    let mut lab = lab().await;
    lab.run("let calls = 0\nclass Spy { get secret() { calls++; return 1 } toString() { calls++; return '' } }\nconst spy = new Spy(), rows = Array.from({ length: 40 }, (_, i) => ({ i, s: 'x' }))\nfunction order(item, quantity = 1) {}\nlet price = new Proxy({}, { get() { calls++ }, ownKeys() { calls++; return [] } })")
        .await;
    let reply = lab.ask(json!({"complete": {"code": "é + spy.sec", "cursor": 11}})).await;
    assert_eq!((&reply["matches"], &reply["cursor_start"]), (&json!(["secret"]), &json!(8)));
    let reply = lab.ask(json!({"complete": {"code": "price.", "cursor": 6}})).await;
    assert_eq!(reply["matches"], json!([]));
    assert_eq!(
        lab.ask(json!({"complete": {"code": "ord", "cursor": 3}})).await["matches"],
        json!(["order"])
    );
    assert_eq!(
        lab.ask(json!({"complete": {"code": "// ord", "cursor": 6}})).await["matches"],
        json!([])
    );
    let reply = lab.ask(json!({"inspect": {"code": "order(1, ", "cursor": 9}})).await;
    assert!(
        reply["data"]["text/plain"].as_str().unwrap().contains("order(item, quantity = 1)"),
        "{reply}"
    );
    assert_eq!(lab.ask(json!({"inspect": {"code": "nowhere", "cursor": 3}})).await["found"], false);
    let reply = lab.ask(json!({"variables": {}})).await;
    let named = |name: &str| {
        reply["variables"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == name)
            .cloned()
            .unwrap()
    };
    assert_eq!((&named("spy")["type"], &named("spy")["value"]), (&json!("Spy"), &json!("Spy {}")));
    assert_eq!(
        (&named("rows")["size"], &named("rows")["table"]["total"]),
        (&json!({"length": 40, "shape": [40, 2]}), &json!(40))
    );
    assert_eq!(
        (&named("Spy")["kind"], &named("order")["kind"]),
        (&json!("class"), &json!("function"))
    );
    let since = json!({"calls": named("calls")["fingerprint"], "gone": "x"});
    let reply = lab.ask(json!({"variables": {"since": since}})).await;
    assert_eq!(
        (&reply["variables"][1]["name"], &reply["variables"][1]["changed"], &reply["gone"]),
        (&json!("calls"), &json!(false), &json!(["gone"]))
    );
    for (code, status) in [
        ("f(1,", "incomplete"),
        ("x = `a", "incomplete"),
        ("x = 'a", "invalid"),
        ("1 1", "invalid"),
        ("f(1)", "complete"),
    ] {
        assert_eq!(lab.ask(json!({"is_complete": {"code": code}})).await["status"], status, "{code}");
    }
    assert_eq!(lab.value("calls").await, "0");
}

#[tokio::test]
async fn errors_have_the_cells_lines_and_nothing_of_ours() {
    let mut lab = lab().await;
    let failure = lab
        .run("function divide(n) {\n  return n.a.b;\n}\n\n[1].map(divide)")
        .await
        .failure();
    assert_eq!(
        (failure.kind.as_str(), failure.message.as_str()),
        ("TypeError", "cannot read property 'b' of undefined")
    );
    assert_eq!(
        failure.traceback,
        "cell 1:2\n  return n.a.b;\n         ^\n\nTypeError: cannot read property 'b' of undefined\n    at divide (cell 1:2:10)\n    at map (native)\n    at cell 1:5:9\n"
    );
    let failure = lab.run("let ok = 1\nlet x = = 1").await.failure();
    assert_eq!(failure.kind, "SyntaxError");
    assert!(
        failure.traceback.starts_with("cell 1:2\nlet x = = 1\n        ^\n"),
        "{}",
        failure.traceback
    );
    assert_eq!(
        lab.value("typeof ok").await,
        "'undefined'",
        "nothing of a cell that does not parse runs"
    );
    for open in ["if (true)", "f(", "for (;;)", "`", "/*", "x =>"] {
        let failure = lab.run(open).await.failure();
        assert!(
            failure.kind == "SyntaxError" && !failure.traceback.contains("selvedge"),
            "{open}: {failure:?}"
        );
    }
    let failure = lab
        .run("class MyError extends Error {}\nthrow new MyError('mine', { cause: new TypeError('inner') })")
        .await
        .failure();
    assert_eq!((failure.kind.as_str(), failure.message.as_str()), ("MyError", "mine"));
    assert!(failure.traceback.contains("Caused by: TypeError: inner"), "{}", failure.traceback);
    for (code, kind, message) in [
        ("throw 5", "Uncaught", "5"),
        ("throw undefined", "Uncaught", "undefined"),
        ("throw { a: 1 }", "Uncaught", "{ a: 1 }"),
        ("throw new DOMException('no', 'AbortError')", "AbortError", "no"),
        (
            "throw Object.defineProperty(new Error(), 'message', { get() { throw 1 } })",
            "Error",
            "",
        ),
    ] {
        let failure = lab.run(code).await.failure();
        assert_eq!((failure.kind.as_str(), failure.message.as_str()), (kind, message), "{code}");
    }
    let huge = lab.run("throw new Error('x'.repeat(10_000_000))").await.failure();
    assert!(huge.message.len() <= 2_000 && huge.traceback.len() <= 65_536);
    assert_eq!(lab.run("1").await.end.status, Status::Succeeded);
}
