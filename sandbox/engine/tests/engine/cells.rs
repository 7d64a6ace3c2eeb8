use crate::lab::Lab;
use selvedge_engine::{EventKind, Status};

#[tokio::test]
async fn variables_functions_and_imports_persist() {
    let mut lab = Lab::new().await;
    let first = lab.run("import math\nx = 41\ndef f(n):\n    return math.floor(n) + x").await;
    assert_eq!(first.end.status, Status::Succeeded, "{first:?}");
    assert!(first.events.is_empty(), "{first:?}");
    assert_eq!(lab.value("f(1.5)").await, "42");
    assert_eq!(lab.value("_ + 1").await, "43");
    assert_eq!(lab.value("__name__").await, "'__main__'");
}

#[tokio::test]
async fn only_an_expression_at_the_end_is_a_value() {
    let mut lab = Lab::new().await;
    assert_eq!(lab.value("1\n2\n[3,\n 4]  # so\n").await, "[3, 4]");
    for silent in [
        "",
        "# nothing",
        "x = 1",
        "None",
        "5;",
        "1 + 1 ; # so",
        "def f(): pass",
        "class C: pass",
        "import sys",
        "print",
        "if True:\n    1",
    ] {
        let seen = lab.run(silent).await;
        assert_eq!(seen.end.status, Status::Succeeded, "{silent}: {seen:?}");
        assert_eq!(
            seen.events.iter().any(|(kind, _)| *kind == EventKind::Value),
            silent == "print",
            "{silent}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn events_come_in_the_order_of_what_happened() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import sys\nprint('a')\nprint('b', file=sys.stderr)\ndisplay('c')\nprint('d', end='')\n'e'")
        .await;
    seen.came_in_order();
    assert_eq!(seen.stdout(), "a\nd");
}

#[tokio::test]
async fn sys_exit_ends_the_cell_and_not_the_kernel() {
    let mut lab = Lab::new().await;
    assert_eq!(lab.run("x = 1\nimport sys\nsys.exit()\nx = 2").await.end.status, Status::Succeeded);
    let seen = lab.run("exit('bye')").await;
    assert_eq!(seen.end.status, Status::Failed);
    assert_eq!(seen.failure().kind, "SystemExit");
    assert_eq!(seen.text(EventKind::Stderr), "bye\n");
    assert_eq!(lab.value("x").await, "1");
}

#[tokio::test]
async fn kernels_do_not_share_randomness_nor_does_a_kernel_repeat_its_image() {
    let engine = crate::lab::engine();
    let code = "import random, uuid, secrets\n(random.random(), str(uuid.uuid4()), secrets.token_hex(8), random.Random().random())";
    let mut seen = Vec::new();
    for seed in [[1; 32], [2; 32], [1; 32]] {
        let mut kernel = engine.start(seed).await.unwrap();
        let cell = crate::lab::run_in(&mut kernel, code, None, crate::lab::limits(), &selvedge_engine::CancelToken::new()).await;
        seen.push(cell.value());
    }
    let [first, second, again] = seen.try_into().unwrap();
    assert!(first.split(", ").zip(second.split(", ")).all(|(a, b)| a != b), "{first} {second}");
    assert_eq!(first, again, "the seed decides everything");
}

#[tokio::test]
async fn annotations_help_and_main_are_what_programs_expect() {
    let mut lab = Lab::new().await;
    assert_eq!(lab.value("from __future__ import annotations\nx: int = 5\nx").await, "5");
    assert!(lab.run("help(len)").await.stdout().contains("len("));
    assert_eq!(lab.value("if __name__ == '__main__':\n    y = 1\ny").await, "1");
    assert_eq!(
        lab.value("import pickle\nclass C: pass\ntype(pickle.loads(pickle.dumps(C()))) is C")
            .await,
        "True"
    );
}

#[tokio::test]
async fn the_standard_library_is_there() {
    let mut lab = Lab::new().await;
    let code = "import json, re, datetime, collections, itertools, decimal, fractions, statistics, csv, io, hashlib, zlib, dataclasses, enum, heapq\n\
                import xml.etree.ElementTree, string, textwrap, functools, operator, pathlib, html, urllib.parse, uuid, base64, struct, calendar, typing\n\
                json.loads(json.dumps({'a': [1, 2.5, None, True, 'é']}))['a'][4], str(decimal.Decimal('0.1') + 1), hashlib.sha256(b'').hexdigest()[:6]";
    assert_eq!(lab.value(code).await, "('é', '1.1', 'e3b0c4')");
}

#[tokio::test]
async fn cells_await_and_programs_run_loops() {
    let mut lab = Lab::new().await;
    let code = "import asyncio\nasync def f(n):\n    await asyncio.sleep(0.001 * n)\n    return n\n";
    assert_eq!(
        lab.value(&format!("{code}await asyncio.gather(f(3), f(1), f(2))")).await,
        "[3, 1, 2]"
    );
    assert_eq!(lab.value("x = await f(1)\nx + 1").await, "2");
    assert_eq!(lab.value("asyncio.run(f(5))").await, "5");
    assert_eq!(
        lab.value("t = asyncio.create_task(f(1)) if False else asyncio.ensure_future(f(1), loop=asyncio.get_event_loop())\nawait t")
            .await,
        "1"
    );
    let timeout = lab.run("await asyncio.wait_for(asyncio.sleep(60), 0.01)").await.failure();
    assert_eq!(timeout.kind, "TimeoutError");
    let stuck = lab.run("await asyncio.Event().wait()").await.failure();
    assert!(stuck.message.contains("nothing in it will ever do"), "{stuck:?}");
    assert_eq!(lab.run("await asyncio.sleep(0)").await.end.status, Status::Succeeded);
    assert_eq!(lab.run("def g():\n    await f(1)").await.failure().kind, "SyntaxError");
}
