//! Cells that ask for a line while they run.

use crate::js_lab;
use crate::lab::{Lab, Seen, limits};
use selvedge_engine::{Answers, CancelToken, CellRequest, EventKind, Limits, Sink, Status};
use serde_json::{Value, json};
use std::task::{Context, Poll};
use std::time::Duration;

/// More than [`short`] limits allow a cell.
const LONG: Duration = Duration::from_millis(2_000);

fn short() -> Limits {
    Limits {
        wall_ms: 1_500,
        ..limits()
    }
}

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
            assert!(answers.send(line, None));
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

/// Runs a cell; `then` happens when its person has had its first question for longer than [`short`] limits allow a cell.
async fn asked(lab: &mut Lab, code: &str, limits: Limits, cancel: &CancelToken, then: impl FnOnce(&Answers) + Send + 'static) -> Seen {
    let answers = Answers::default();
    let cell = CellRequest {
        code: code.to_owned(),
        answers: Some(answers.clone()),
        ..CellRequest::default()
    };
    let mut then = Some(then);
    let mut events = Vec::new();
    let mut sink = |kind: EventKind, data: Value| {
        if kind == EventKind::Input
            && let Some(then) = then.take()
        {
            let answers = answers.clone();
            tokio::spawn(async move {
                tokio::time::sleep(LONG).await;
                then(&answers);
            });
        }
        events.push((kind, data));
    };
    let end = lab.kernel.run(&cell, &limits, &mut sink, cancel).await;
    Seen { end, events }
}

#[tokio::test]
async fn what_the_person_takes_costs_neither_time_nor_fuel() {
    let mut lab = Lab::new().await;
    let seen = asked(&mut lab, "input()", short(), &CancelToken::new(), |answers| {
        assert!(answers.send("a", None));
    })
    .await;
    assert_eq!(seen.value(), "'a'");
    assert!(seen.end.duration < LONG, "{:?}", seen.end);
    assert!(seen.end.fuel < 10_000_000, "{}", seen.end.fuel);
}

#[tokio::test]
async fn after_the_answer_the_time_goes_on_and_ends() {
    let mut lab = Lab::new().await;
    let seen = asked(&mut lab, "input()\nwhile True: pass", short(), &CancelToken::new(), |answers| {
        assert!(answers.send("a", None));
    })
    .await;
    assert_eq!(
        (seen.end.status, seen.failure().kind.as_str()),
        (Status::TimedOut, "WallLimit"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn when_nobody_answers_any_more_the_input_is_at_its_end_and_nobody_is_asked_again() {
    let code = "
import getpass, sys
ends = []
for read in (input, input, sys.stdin.readline, getpass.getpass):
    try:
        ends.append(read())
    except EOFError as error:
        ends.append(str(error))
ends";
    let mut lab = Lab::new().await;
    let seen = asked(&mut lab, code, short(), &CancelToken::new(), Answers::end).await;
    assert_eq!(seen.value(), "['nobody answered', 'nobody answered', '', 'nobody answered']");
    assert_eq!(questions(&seen).len(), 1);
    assert!(lab.kernel.usable());
}

#[tokio::test]
async fn a_cell_that_waits_can_be_interrupted_however_long_it_has_waited() {
    let mut lab = Lab::new().await;
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    let seen = asked(&mut lab, "x = 41\ninput()", short(), &cancel, move |_| stop.cancel()).await;
    assert_eq!(
        (seen.end.status, seen.failure().kind.as_str()),
        (Status::Cancelled, "KeyboardInterrupt"),
        "{seen:?}"
    );
    assert_eq!(lab.value("x + 1").await, "42");
}

#[tokio::test]
async fn a_question_that_nobody_hears_takes_the_cells_own_time() {
    /// Takes nothing.
    struct Deaf;
    impl Sink for Deaf {
        fn event(&mut self, _: EventKind, _: Value) {}

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
            Poll::Pending
        }
    }
    let mut lab = Lab::new().await;
    let cell = CellRequest {
        code: "input()".to_owned(),
        answers: Some(Answers::default()),
        ..CellRequest::default()
    };
    let end = lab.kernel.run(&cell, &short(), &mut Deaf, &CancelToken::new()).await;
    assert_eq!(end.status, Status::TimedOut);
}
