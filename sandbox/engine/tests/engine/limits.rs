use crate::lab::{Lab, Seen, limits, run_in};
use selvedge_engine::{CancelToken, EventKind, Limits, Status};
use std::time::Duration;

#[tokio::test]
async fn an_endless_loop_is_stopped_by_the_wall_and_the_kernel_goes_back() {
    let mut lab = Lab::new().await;
    lab.run("x = 41").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let seen = lab
        .run_with(
            "print('on my way')\nx = 0\nwhile True: pass",
            None,
            Limits { wall_ms: 300, ..limits() },
        )
        .await;
    assert_eq!(seen.end.status, Status::TimedOut, "{seen:?}");
    assert_eq!(seen.failure().kind, "WallLimit");
    assert!(seen.failure().message.contains("300 ms"), "{:?}", seen.failure());
    assert_eq!(seen.stdout(), "on my way\n");
    assert!(!lab.kernel.usable());
    assert!(lab.kernel.checkpoint().is_err());
    assert_eq!(lab.run("x").await.failure().kind, "Crash", "an unusable kernel runs nothing");
    lab.kernel = lab.engine.restore(&checkpoint, [3; 32]).await.unwrap();
    assert_eq!(lab.value("x").await, "41");
}

#[tokio::test]
async fn a_sleep_and_a_long_native_call_are_stopped_as_well() {
    for code in [
        "import time\ntime.sleep(1e6)",
        "sum(range(10**18))",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        "3 ** 10 ** 9",
        "import select\nselect.select([], [], [])",
    ] {
        let mut lab = Lab::new().await;
        let seen = lab.run_with(code, None, Limits { wall_ms: 200, ..limits() }).await;
        assert!(matches!(seen.end.status, Status::TimedOut | Status::Failed), "{code}: {seen:?}");
        assert!(seen.end.duration < Duration::from_secs(30), "{code}: {seen:?}");
    }
}

#[tokio::test]
async fn a_cell_that_was_cancelled_before_does_not_begin() {
    let mut lab = Lab::new().await;
    let cancel = CancelToken::new();
    cancel.cancel();
    let seen = run_in(&mut lab.kernel, "print(1)", None, limits(), &cancel).await;
    assert_eq!((seen.end.status, seen.events.len()), (Status::Cancelled, 0), "{seen:?}");
    assert!(lab.kernel.usable(), "it never began");
}

#[tokio::test]
async fn a_run_that_nobody_waits_for_leaves_the_kernel_unusable() {
    let mut lab = Lab::new().await;
    let abandoned = tokio::time::timeout(Duration::from_millis(50), lab.run("while True: pass")).await;
    assert!(abandoned.is_err());
    assert!(!lab.kernel.usable());
}

#[tokio::test]
async fn fuel_runs_out() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run_with(
            "while True: pass",
            None,
            Limits {
                fuel: 50_000_000,
                ..limits()
            },
        )
        .await;
    assert_eq!(seen.end.status, Status::Failed);
    assert_eq!(seen.failure().kind, "FuelLimit");
    assert!(seen.failure().message.contains("50000000"), "{seen:?}");
    assert_eq!(seen.end.fuel, 50_000_000);
    assert!(!lab.kernel.usable());
}

#[tokio::test]
async fn a_billion_elements_are_a_memory_limit_and_the_kernel_goes_back() {
    let mut lab = Lab::new().await;
    lab.run("x = 41").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    for code in [
        "y = [0] * 10**9",
        "y = 'a' * 2**33",
        "y = bytearray(2**31 - 1)",
        "y = []\nwhile True: y.append('x' * 1_000)",
        "y = 'x'\nwhile True: y += y",
    ] {
        let seen = lab.run(code).await;
        assert_eq!(seen.end.status, Status::Failed, "{code}: {seen:?}");
        let kind = seen.failure().kind;
        assert!(
            kind == "MemoryError" || kind == "MemoryLimit" || kind == "OverflowError",
            "{code}: {:?}",
            seen.failure()
        );
        assert_eq!(lab.kernel.usable(), kind != "MemoryLimit", "{code}");
        if !lab.kernel.usable() {
            lab.kernel = lab.engine.restore(&checkpoint, [4; 32]).await.unwrap();
        }
        assert_eq!(lab.value("x").await, "41", "{code}");
    }
}

#[tokio::test]
async fn memory_can_be_used_up_to_the_limit() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run_with(
            "y = bytearray(300 << 20)\nlen(y)",
            None,
            Limits {
                memory_bytes: 512 << 20,
                ..limits()
            },
        )
        .await;
    assert_eq!(seen.value(), (300 << 20).to_string());
    assert!(lab.kernel.memory_bytes() <= 512 << 20);
}

async fn printed(code: &str, output_bytes: u64) -> (Seen, String) {
    let mut lab = Lab::new().await;
    let seen = lab.run_with(code, None, Limits { output_bytes, ..limits() }).await;
    assert_eq!(seen.end.status, Status::Succeeded, "{:?}", seen.end);
    assert!(lab.kernel.usable());
    let text = seen.stdout() + &seen.text(EventKind::Stderr);
    (seen, text)
}

#[tokio::test]
async fn a_hundred_megabytes_of_prints_are_kept_exactly_to_the_limit() {
    let (seen, text) = printed("line = 'x' * 999\nfor _ in range(100_000): print(line)", 1 << 20).await;
    assert!(seen.end.truncated);
    assert_eq!(text.len(), 1 << 20);
    assert!(text.starts_with(&("x".repeat(999) + "\n")));
    assert!(
        seen.events
            .iter()
            .all(|(_, data)| data["text"].as_str().is_none_or(|text| text.len() <= 65_536))
    );
}

#[tokio::test]
async fn output_at_the_limit_is_whole_and_one_byte_past_it_is_cut() {
    let (at, text) = printed("print('x' * 99)", 100).await;
    assert_eq!((at.end.truncated, text.len()), (false, 100));
    let (past, text) = printed("print('x' * 100)", 100).await;
    assert_eq!((past.end.truncated, text.len()), (true, 100));
    let (both, text) = printed("import sys\nprint('x' * 60)\nprint('y' * 60, file=sys.stderr)\nprint('z')", 100).await;
    assert_eq!((both.end.truncated, text.len(), text.contains('z')), (true, 100, false));
}

#[tokio::test]
async fn a_kernel_that_cannot_begin_a_cell_any_more_costs_nothing() {
    let mut lab = Lab::new().await;
    lab.run("import _selvedge_kernel.randomness as r\nr._seed_with_number = None").await;
    let seen = lab.run("1").await;
    assert_eq!((seen.failure().kind.as_str(), seen.end.fuel), ("Crash", 0), "{seen:?}");
}

#[tokio::test]
async fn text_goes_out_while_the_cell_runs() {
    let mut lab = Lab::new().await;
    let cell = selvedge_engine::CellRequest {
        label: "c".into(),
        code: "print('first')\nimport time\ntime.sleep(0.2)\nwhile True: pass".into(),
        ..selvedge_engine::CellRequest::default()
    };
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    let mut seen = Vec::new();
    // The cell goes on for ever unless its first line comes out while it runs.
    let mut sink = |_kind: EventKind, data: serde_json::Value| {
        seen.push(data);
        stop.cancel();
    };
    let end = lab.kernel.run(&cell, &limits(), &mut sink, &cancel).await;
    assert_eq!(end.status, Status::Cancelled);
    assert_eq!(seen.first(), Some(&serde_json::json!({ "text": "first\n" })));
}

#[tokio::test]
async fn ending_the_interpreter_is_reported_and_rolled_back() {
    let mut lab = Lab::new().await;
    for code in ["import os\nos._exit(3)", "import os\nos.abort()"] {
        let seen = lab.run(code).await;
        assert_eq!(
            (seen.end.status, seen.failure().kind.as_str()),
            (Status::Failed, "Crash"),
            "{code}: {seen:?}"
        );
        assert!(!lab.kernel.usable());
        lab.kernel = lab.engine.start([5; 32]).await.unwrap();
    }
}
