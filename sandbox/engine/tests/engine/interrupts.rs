//! A cell that is cancelled ends by itself if it can, and then keeps what it did; if it cannot, it is stopped.

use crate::js_lab;
use crate::lab::{Lab, Seen, limits};
use selvedge_engine::{Answers, CancelToken, CellRequest, EventKind, Status};

/// Runs a cell that says something, and cancels it then.
async fn cancelled(lab: &mut Lab, code: &str) -> Seen {
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    let cell = CellRequest {
        label: "cell 1".to_owned(),
        code: code.to_owned(),
        stdin: None,
        answers: Some(Answers::default()),
    };
    let mut events = Vec::new();
    let mut sink = |kind: EventKind, data| {
        stop.cancel();
        events.push((kind, data));
    };
    let end = lab.kernel.run(&cell, &limits(), &mut sink, &cancel).await;
    Seen { end, events }
}

fn kept(seen: &Seen, kind: &str) {
    let error = seen.end.error.as_ref().map(|error| error.kind.as_str());
    assert_eq!((seen.end.status, error), (Status::Cancelled, Some(kind)), "{seen:?}");
}

#[tokio::test]
async fn what_an_interrupted_cell_did_is_kept_and_it_cleans_up() {
    let mut lab = Lab::new().await;
    let code = "x = 41\ntry:\n    print('on my way')\n    while True:\n        pass\nfinally:\n    x += 1\n    print('cleaned up')";
    let seen = cancelled(&mut lab, code).await;
    kept(&seen, "KeyboardInterrupt");
    assert!(seen.end.error.as_ref().unwrap().traceback.contains("\"cell 1\", line"), "{seen:?}");
    assert_eq!(seen.stdout(), "on my way\ncleaned up\n");
    lab.kernel.checkpoint().unwrap();
    assert_eq!(lab.value("x").await, "42");
    assert_eq!(lab.value("sum(range(1000))").await, "499500", "the next cell is not interrupted");
}

#[tokio::test]
async fn whoever_waits_is_interrupted_as_well() {
    for waits in [
        "import time\ntime.sleep(1e6)",
        "input('? ')",
        "import sys\nsys.stdin.readline()",
        "import asyncio\nawait asyncio.sleep(1e6)",
        "import asyncio\nasyncio.run(asyncio.sleep(1e6))",
        "import asyncio\nawait asyncio.gather(asyncio.sleep(1e6), asyncio.sleep(2e6))",
    ] {
        let mut lab = Lab::new().await;
        kept(
            &cancelled(&mut lab, &format!("x = 1\nprint(x)\n{waits}")).await,
            "KeyboardInterrupt",
        );
        assert_eq!(lab.value("x").await, "1", "{waits}");
        assert_eq!(lab.value("import asyncio\nawait asyncio.sleep(0, 'on')").await, "'on'", "{waits}");
    }
}

#[tokio::test]
async fn a_cell_that_awaits_cleans_up_and_does_not_go_on_in_the_next_one() {
    let mut lab = Lab::new().await;
    let code = "import asyncio\nprint(1)\ntry:\n    await asyncio.sleep(0.01)\n    while True:\n        await asyncio.sleep(0)\nfinally:\n    print('cleaned up')";
    let seen = cancelled(&mut lab, code).await;
    kept(&seen, "KeyboardInterrupt");
    assert!(seen.stdout().contains("cleaned up"), "{seen:?}");
    let next = lab.run("await asyncio.sleep(0.05, 'alone')").await;
    assert_eq!((next.value().as_str(), next.stdout().as_str()), ("'alone'", ""));
}

#[tokio::test]
async fn a_cell_may_answer_an_interrupt_and_end_well() {
    let mut lab = Lab::new().await;
    let code = "try:\n    print(1)\n    while True: pass\nexcept KeyboardInterrupt:\n    x = 'asked to stop'\nx";
    assert_eq!(cancelled(&mut lab, code).await.value(), "'asked to stop'");
}

#[tokio::test]
async fn a_cell_that_does_not_end_by_itself_is_stopped_where_it_stands() {
    for code in [
        "print(1)\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "print(1)\nsum(range(10**18))",
        "print(1)\nimport re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        "import asyncio\nprint(1)\nwhile True:\n    try: await asyncio.sleep(1)\n    except BaseException: pass",
    ] {
        let mut lab = Lab::new().await;
        lab.run("x = 41").await;
        let checkpoint = lab.kernel.checkpoint().unwrap();
        let seen = cancelled(&mut lab, &format!("x = 0\n{code}")).await;
        assert_eq!(
            (seen.end.status, seen.end.error.is_none()),
            (Status::Cancelled, true),
            "{code}: {seen:?}"
        );
        assert!(!lab.kernel.usable());
        lab.kernel = lab.engine.restore(&checkpoint, [3; 32]).await.unwrap();
        assert_eq!(lab.value("x").await, "41");
    }
}

#[tokio::test]
async fn an_interrupt_that_comes_while_a_cell_tells_how_it_ended_leaves_a_kernel() {
    // None of these looks for an interrupt before it tells what it has to tell.
    for code in ["print(1)\nsum(range(10**6))", "print(1)\nraise ValueError(sum(range(10**6)))"] {
        let mut lab = Lab::new().await;
        let seen = cancelled(&mut lab, code).await;
        if seen.end.status == Status::Cancelled && seen.end.error.is_none() {
            // The machine is so slow that it was stopped.
            continue;
        }
        assert!(lab.kernel.usable(), "{seen:?}");
        assert_eq!(lab.value("[i for i in range(3)]").await, "[0, 1, 2]");
    }
}

#[tokio::test]
async fn javascript_is_interrupted_where_it_is_and_keeps_what_it_did() {
    for code in [
        "let x = 41; console.log(x); for (;;) {}",
        "let x = 41; console.log(x); for (;;) { try { for (;;) {} } catch {} }",
        "let x = 41; console.log(x); for (;;) { try { await null; for (;;) {} } catch {} }",
        "let x = 41; console.log(x); setTimeout(() => { throw 1 }, 1e8)",
        "let x = 41; console.log(x); setInterval(() => {}, 0)",
        "let x = 41; prompt('?')",
        "let x = 41; console.log(x); /(a+)+$/.test('a'.repeat(40) + 'b')",
        "let x = 41; console.log(x); [3, 2, 1].sort(() => { for (;;) {} })",
    ] {
        let mut lab = js_lab::lab().await;
        let seen = cancelled(&mut lab, code).await;
        kept(&seen, "Interrupted");
        lab.kernel.checkpoint().unwrap();
        assert_eq!(lab.value("x").await, "41", "{code}");
        assert_eq!(
            lab.value("[...Array(3).keys()].map((n) => n * 2).join()").await,
            "'0,2,4'",
            "{code}"
        );
    }
}
