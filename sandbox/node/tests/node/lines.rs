//! Lines for runs that ask for them, and the time that their people take.

use std::time::Duration;

use http::StatusCode;
use selvedge_protocol::{EventKind, Order, Status};
use serde_json::json;

use crate::edge::{Edge, Told, claims, claims_to};
use crate::node::{Answer, Node, kernel, run};

/// More than the wall time of the runs here.
const LONG: Duration = Duration::from_millis(2_500);

/// An order of a run that asks, with two seconds of wall time.
fn asking(edge: &Edge, run: &str, kernel: &str, code: &str) -> Order {
    let mut order = edge.order(run, Some(kernel), code);
    order.interactive = true;
    order.limits.wall_ms = 2_000;
    order
}

/// Waits until a run has asked so often.
async fn asked(edge: &Edge, run: &str, times: usize) -> Told {
    let is_question = |event: &&selvedge_protocol::Event| event.kind == EventKind::Input;
    edge.until(run, |told| told.events.values().filter(is_question).count() >= times)
        .await
}

/// Sends a line to a run.
async fn say(node: &Node, edge: &Edge, run: &str, text: &str) -> Answer {
    let body = json!({ "text": text }).to_string();
    let ticket = edge.key.sign(claims_to("input", run, body.as_bytes()));
    node.request("POST", &format!("/v1/runs/{run}/input"), Some(&ticket), body.as_bytes())
        .await
}

#[tokio::test]
async fn a_run_that_asks_is_answered_while_it_goes_on() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let mut order = edge.order(&run(1), Some(&kernel(1)), "name = input('Name? ')\n'Hello ' + name");
    order.interactive = true;
    node.place(&edge, &order).await;
    let told = asked(&edge, &run(1), 1).await;
    let question = told.events.values().find(|event| event.kind == EventKind::Input).unwrap();
    assert_eq!(question.data, json!({"prompt": "Name? ", "password": false}));
    let (path, line) = (format!("/v1/runs/{}/input", run(1)), br#"{"text":"Eve\n"}"#);
    let of_no_input = edge.key.sign(claims(&run(1), line));
    assert_eq!(node.request("POST", &path, Some(&of_no_input), line).await.code(), "ticket.other");
    assert_eq!(say(&node, &edge, &run(1), "Ada\n").await.status, StatusCode::ACCEPTED);
    let told = edge.ended(&run(1)).await;
    assert_eq!(
        (told.value().unwrap().as_str(), told.stdout().as_str()),
        ("'Hello Ada'", "Name? Ada\n")
    );
    assert_eq!(say(&node, &edge, &run(1), "late").await.code(), "run.unknown");
}

#[tokio::test]
async fn a_run_without_anybody_to_ask_takes_no_lines() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &edge.order(&run(1), None, "print('on')\nwhile True: pass")).await;
    edge.until(&run(1), |told| !told.stdout().is_empty()).await;
    assert_eq!(say(&node, &edge, &run(1), "x").await.code(), "input.nobody_asks");
    node.cancel(&edge, &run(1)).await;
    edge.ended(&run(1)).await;
    assert_eq!(node.cell(&edge, &run(2), None, "input()").await.error(), "EOFError");
}

#[tokio::test]
async fn what_a_person_takes_to_answer_is_not_the_cells_time() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let code = "first = input()\nfirst + input()";
    node.place(&edge, &asking(&edge, &run(1), &kernel(1), code)).await;
    for (times, line) in [(1, "a"), (2, "b")] {
        asked(&edge, &run(1), times).await;
        tokio::time::sleep(LONG).await;
        assert_eq!(say(&node, &edge, &run(1), line).await.status, StatusCode::ACCEPTED);
    }
    let told = edge.ended(&run(1)).await;
    assert_eq!(told.value().as_deref(), Some("'ab'"), "{told:?}");
    assert!(u128::from(told.outcome.unwrap().duration_ms) < LONG.as_millis());
}

#[tokio::test]
async fn a_cell_that_was_answered_has_the_rest_of_its_time_and_its_worker_lives_on() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let worker = node.worker(0).await;
    node.place(&edge, &asking(&edge, &run(1), &kernel(1), "input()\nwhile True: pass"))
        .await;
    asked(&edge, &run(1), 1).await;
    tokio::time::sleep(LONG).await;
    say(&node, &edge, &run(1), "").await;
    let told = edge.ended(&run(1)).await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::TimedOut, "WallLimit")
    );
    assert_eq!(node.worker(0).await, worker);
    assert!(rustix::process::test_kill_process(worker).is_ok());
}

#[tokio::test]
async fn a_run_that_waits_for_its_person_can_be_interrupted_and_keeps_what_it_did() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &asking(&edge, &run(1), &kernel(1), "x = 41\ninput()")).await;
    asked(&edge, &run(1), 1).await;
    tokio::time::sleep(LONG).await;
    node.cancel(&edge, &run(1)).await;
    let outcome = edge.ended(&run(1)).await.outcome.unwrap();
    assert_eq!(
        (outcome.status, outcome.error.unwrap().kind.as_str()),
        (Status::Cancelled, "KeyboardInterrupt")
    );
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel(1)), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn whoever_waits_for_a_person_is_in_nobodys_way() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1"]).await;
    for number in 1..=3 {
        node.place(&edge, &asking(&edge, &run(number), &kernel(number), "input()")).await;
        asked(&edge, &run(number), 1).await;
    }
    assert_eq!(node.cell(&edge, &run(4), None, "6 * 7").await.value().unwrap(), "42");
    for number in 1..=3 {
        say(&node, &edge, &run(number), &number.to_string()).await;
        assert_eq!(edge.ended(&run(number)).await.value().unwrap(), format!("'{number}'"));
    }
}
