//! Cells of JavaScript: one scope, top-level await, values.

use crate::js_lab::{engine, lab};
use crate::lab::{limits, run_in};
use selvedge_engine::{CancelToken, Status};

#[tokio::test]
async fn what_a_cell_declares_the_next_ones_see() {
    let mut lab = lab().await;
    let first = lab
        .run("let x = 40; const y = 1; var z = 1\nfunction f(n) { return n + x }\nclass A { get one() { return 1 } }")
        .await;
    assert_eq!((first.end.status, first.events.len()), (Status::Succeeded, 0), "{first:?}");
    assert_eq!(lab.value("f(y) + z").await, "42");
    assert_eq!(lab.value("new A().one").await, "1");
    assert_eq!(lab.value("x += 1; f(0)").await, "41");
    let failure = lab.run("y = 2").await.failure();
    assert_eq!((failure.kind.as_str(), failure.message.as_str()), ("TypeError", "'y' is read-only"));
    assert_eq!(lab.value("y").await, "1");
}

#[tokio::test]
async fn every_declaration_can_be_made_again_as_any_other() {
    let forms = [
        "let x = #",
        "const x = #",
        "var x = #",
        "function x() { return # }",
        "class x { static n = # }",
    ];
    let value = "typeof x === 'number' ? x : x.n ?? x()";
    let mut lab = lab().await;
    let mut number = 0;
    for first in forms {
        for second in forms {
            for form in [first, second] {
                number += 1;
                let seen = lab.run(&form.replace('#', &number.to_string())).await;
                assert_eq!(seen.end.status, Status::Succeeded, "{first} then {second}: {seen:?}");
                assert_eq!(lab.value(value).await, number.to_string(), "{first} then {second}");
            }
        }
    }
    // Functions that were there before see what is declared now.
    lab.run("let base = 1; const read = () => base").await;
    assert_eq!(lab.value("let base = 2; read()").await, "2");
    let long = "v".repeat(90);
    lab.run(&format!("let {long} = 1, {long}x = 2")).await;
    assert_eq!(lab.value(&format!("let {long} = 3; [{long}, {long}x]")).await, "[ 3, 2 ]");
    let twice = lab.run("let twice = 1; let twice = 2").await.failure();
    assert_eq!(twice.kind, "SyntaxError", "{twice:?}");
}

#[tokio::test]
async fn a_name_whose_declaration_failed_is_what_it_was() {
    let mut lab = lab().await;
    lab.run("let a = 1; const b = 2").await;
    let failure = lab.run("let c = 3; const a = nothing(); let b = 5").await.failure();
    assert_eq!(failure.kind, "ReferenceError");
    assert_eq!(lab.value("[a, b, c]").await, "[ 1, 2, 3 ]");
    assert_eq!(lab.run("b = 1").await.failure().kind, "TypeError", "a constant is one again");
    assert_eq!(lab.run("let d = nothing()").await.failure().kind, "ReferenceError");
    assert_eq!(lab.value("typeof d").await, "'undefined'");
    assert_eq!(lab.value("let d = 4; d").await, "4");
}

#[tokio::test]
async fn a_cell_runs_once_even_when_it_throws_what_the_scope_throws() {
    let mut lab = lab().await;
    lab.run("let x = 1; let runs = 0").await;
    for code in [
        "runs++; throw new SyntaxError(\"redeclaration of 'x'\")",
        "runs++; await null; throw new SyntaxError(\"redeclaration of 'x'\")",
    ] {
        assert_eq!(lab.run(code).await.failure().kind, "SyntaxError");
    }
    assert_eq!(lab.value("[runs, x]").await, "[ 2, 1 ]");
}

#[tokio::test]
async fn the_last_expression_is_the_value() {
    let mut lab = lab().await;
    assert_eq!(lab.value("1;\n2;\n[3,\n 4] // so\n").await, "[ 3, 4 ]");
    assert_eq!(lab.value("if (true) { 'yes' }").await, "'yes'");
    for silent in [
        "",
        "// nothing",
        "let a = 1",
        "undefined",
        "function f() {}",
        "class C {}",
        "void 0",
    ] {
        let seen = lab.run(silent).await;
        assert_eq!((seen.end.status, seen.events.len()), (Status::Succeeded, 0), "{silent}: {seen:?}");
    }
    assert_eq!(lab.value("null").await, "null");
}

#[tokio::test]
async fn cells_await_and_end_when_nothing_is_left_to_do() {
    let mut lab = lab().await;
    let code = "const wait = (ms, v) => new Promise((done) => setTimeout(done, ms, v))\nawait Promise.all([wait(3, 1), wait(1, 2), 3])";
    assert_eq!(lab.value(code).await, "[ 1, 2, 3 ]");
    assert_eq!(lab.value("let later = await wait(1, 'x')\nlater + 1").await, "'x1'");
    let seen = lab
        .run("setTimeout(() => console.log('second'), 2)\nPromise.resolve().then(() => console.log('first'))\nqueueMicrotask(() => console.log('micro'))\n'value'")
        .await;
    assert_eq!(seen.stdout(), "first\nmicro\nsecond\n", "{seen:?}");
    assert_eq!(seen.value(), "'value'");
    let seen = lab
        .run("let n = 0\nconst ticks = setInterval(() => { console.log(++n); if (n === 3) clearInterval(ticks) }, 1)\nclearTimeout(setTimeout(() => console.log('never'), 1))")
        .await;
    assert_eq!(seen.stdout(), "1\n2\n3\n");
    let seen = lab
        .run("async function* count() { for (let i = 0; i < 3; i++) { await null; yield i } }\nlet sum = 0\nfor await (const i of count()) sum += i\nsum")
        .await;
    assert_eq!(seen.value(), "3");
    let stuck = lab.run("await new Promise(() => {})").await.failure();
    assert!(stuck.message.contains("nothing in it will ever do"), "{stuck:?}");
    assert_eq!(lab.value("1").await, "1");
}

#[tokio::test]
async fn what_nobody_handles_is_an_error_of_its_cell() {
    let mut lab = lab().await;
    let failure = lab.run("Promise.reject(new RangeError('lost'))\n5").await.failure();
    assert_eq!((failure.kind.as_str(), failure.message.as_str()), ("RangeError", "lost"));
    let timer = lab
        .run("setTimeout(() => null.x, 1); setTimeout(() => console.log('not this'), 5)")
        .await;
    assert_eq!((timer.failure().kind.as_str(), timer.stdout().as_str()), ("TypeError", ""));
    assert_eq!(
        lab.run("const p = Promise.reject(1); p.catch(() => {})").await.end.status,
        Status::Succeeded
    );
    assert_eq!(
        lab.run("console.log('next')").await.stdout(),
        "next\n",
        "timers of a failed cell are gone"
    );
}

#[tokio::test]
async fn input_comes_by_the_line_and_in_one_piece() {
    let mut lab = lab().await;
    let seen = lab
        .run_with(
            "const who = prompt('who?');\n[who, prompt(), selvedge.stdin(), prompt()]",
            Some("Ada\né\nthe\nrest"),
            limits(),
        )
        .await;
    assert_eq!(seen.value(), "[ 'Ada', 'é', 'the\\nrest', null ]");
    assert_eq!(seen.stdout(), "who? ");
    assert_eq!(lab.value("prompt()").await, "null", "nothing is left over from the cell before");
}

#[tokio::test]
async fn events_come_in_the_order_of_what_happened() {
    let mut lab = lab().await;
    let seen = lab
        .run("console.log('a')\nconsole.error('b')\ndisplay('c')\nconsole.log('d')\n'e'")
        .await;
    seen.came_in_order();
}

#[tokio::test]
async fn the_same_program_burns_the_same_fuel_each_time_and_after_a_restore() {
    const SETUP: &str = "const words = new Map(Array.from({ length: 2000 }, (_, i) => [`w${i}`, [i]]))";
    const WORK: &str = "let total = 0\nfor (const [k, v] of words) total += k.length * v[0]\nJSON.stringify([...words]).length + total";
    let engine = engine();
    let mut seen = Vec::new();
    for seed in [1, 2] {
        let mut kernel = engine.start([seed; 32]).await.unwrap();
        run_in(&mut kernel, SETUP, None, limits(), &CancelToken::new()).await;
        let checkpoint = kernel.checkpoint().unwrap();
        let live = run_in(&mut kernel, WORK, None, limits(), &CancelToken::new()).await;
        let mut restored = engine.restore(&checkpoint, [9; 32]).await.unwrap();
        let after = run_in(&mut restored, WORK, None, limits(), &CancelToken::new()).await;
        seen.extend([(live.end.fuel, live.value()), (after.end.fuel, after.value())]);
    }
    assert!(seen[0].0 > 100_000 && seen.iter().all(|one| *one == seen[0]), "{seen:?}");
}
