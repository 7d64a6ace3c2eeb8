//! Cells that ask for a line while they run.

use crate::js_lab;
use crate::lab::{Lab, Seen, limits};
use selvedge_engine::{Answers, CancelToken, CellRequest, EventKind, Limits, Status};
use serde_json::{Value, json};

/// Runs a cell and answers its questions one after the other; what is left over is not sent.
async fn answered(lab: &mut Lab, code: &str, stdin: Option<&str>, lines: &[&str], limits: Limits) -> Seen {
    let answers = Answers::default();
    let cell = CellRequest {
        label: "cell 1".to_owned(),
        code: code.to_owned(),
        stdin: stdin.map(str::to_owned),
        answers: Some(answers.clone()),
    };
    let mut lines = lines.iter();
    let mut events = Vec::new();
    let mut sink = |kind: EventKind, data: Value| {
        if kind == EventKind::Input
            && let Some(line) = lines.next()
        {
            assert!(answers.send(line));
        }
        events.push((kind, data));
    };
    let end = lab.kernel.run(&cell, &limits, &mut sink, &CancelToken::new()).await;
    Seen { end, events }
}

fn questions(seen: &Seen) -> Vec<Value> {
    seen.events
        .iter()
        .filter(|(kind, _)| *kind == EventKind::Input)
        .map(|(_, data)| data.clone())
        .collect()
}

#[tokio::test]
async fn input_waits_for_the_answer_and_the_record_reads_like_a_terminal() {
    let mut lab = Lab::new().await;
    let seen = answered(
        &mut lab,
        "name = input('Name? ')\nage = input()\n(name, age)",
        None,
        &["Ada\n", "36"],
        limits(),
    )
    .await;
    assert_eq!(seen.value(), "('Ada', '36')");
    assert_eq!(
        questions(&seen),
        [
            json!({"prompt": "Name? ", "password": false}),
            json!({"prompt": "", "password": false})
        ]
    );
    assert_eq!(seen.stdout(), "Name? Ada\n36\n");
}

#[tokio::test]
async fn a_password_is_marked_and_never_echoed() {
    let mut lab = Lab::new().await;
    let seen = answered(&mut lab, "import getpass\nlen(getpass.getpass())", None, &["hunter2"], limits()).await;
    assert_eq!(seen.value(), "7");
    assert_eq!(questions(&seen), [json!({"prompt": "Password: ", "password": true})]);
    assert!(!format!("{seen:?}").contains("hunter2"), "{seen:?}");
}

#[tokio::test]
async fn lines_of_stdin_are_asked_for_one_at_a_time() {
    let mut lab = Lab::new().await;
    let seen = answered(
        &mut lab,
        "import sys\na = sys.stdin.readline()\nb = [line for line in sys.stdin]\n(a, b)",
        None,
        &["one", "two", "three", "\u{4}"],
        limits(),
    )
    .await;
    assert_eq!(seen.value(), "('one\\n', ['two\\n', 'three\\n'])");
}

#[tokio::test]
async fn text_that_came_with_the_run_is_read_before_anybody_is_asked() {
    let mut lab = Lab::new().await;
    let seen = answered(&mut lab, "[input('? ') for _ in range(3)]", Some("a\nb"), &["c"], limits()).await;
    assert_eq!(seen.value(), "['a', 'b', 'c']");
    assert_eq!(questions(&seen), [json!({"prompt": "? ", "password": false})]);
}

#[tokio::test]
async fn javascript_asks_by_prompt() {
    let mut lab = js_lab::lab().await;
    let code = "const name = prompt('Name?'); const age = prompt(); [name, age, prompt('?')]";
    let seen = answered(&mut lab, code, None, &["Ada\n", "36", "\u{4}"], limits()).await;
    assert_eq!(seen.value(), "[ 'Ada', '36', null ]");
    assert_eq!(
        questions(&seen).iter().map(|question| &question["prompt"]).collect::<Vec<_>>(),
        ["Name? ", "", "? "]
    );
    assert_eq!(seen.stdout(), "Name? Ada\n36\n");
    let given = answered(&mut lab, code.replace("const ", "var ").as_str(), Some("x\ny"), &["z"], limits()).await;
    assert_eq!(given.value(), "[ 'x', 'y', 'z' ]");
}

#[tokio::test]
async fn nobody_to_ask_is_the_end_of_the_input() {
    let mut lab = Lab::new().await;
    assert_eq!(lab.run("input('? ')").await.failure().kind, "EOFError");
    let end = answered(&mut lab, "input('? ')", None, &["\u{4}"], limits()).await;
    assert_eq!(end.failure().kind, "EOFError");
}

#[tokio::test]
async fn waiting_costs_no_fuel_and_ends_with_the_wall_time_or_a_cancellation() {
    let mut lab = Lab::new().await;
    let short = Limits { wall_ms: 200, ..limits() };
    let seen = answered(&mut lab, "input()", None, &[], short).await;
    assert_eq!(seen.end.status, Status::TimedOut, "{seen:?}");
    assert!(seen.end.fuel < 10_000_000, "{}", seen.end.fuel);

    let mut lab = Lab::new().await;
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    let cell = CellRequest {
        code: "input()".to_owned(),
        answers: Some(Answers::default()),
        ..CellRequest::default()
    };
    let mut sink = |_: EventKind, _: Value| stop.cancel();
    let end = lab.kernel.run(&cell, &limits(), &mut sink, &cancel).await;
    assert_eq!(end.status, Status::Cancelled);
}
