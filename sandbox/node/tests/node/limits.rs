//! Runs that are ended: cancelled, out of time, one too many.

use http::StatusCode;
use selvedge_protocol::Status;

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

const FOREVER: &str = "print('in')\nwhile True: pass";

#[tokio::test]
async fn a_cancelled_run_is_interrupted_and_what_it_did_until_then_is_kept() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.place(&edge, &edge.order(&run(1), Some(&kernel), &format!("x = 41\n{FOREVER}")))
        .await;
    edge.until(&run(1), |told| told.stdout() == "in\n").await;
    assert_eq!(node.cancel(&edge, &run(1)).await.status, StatusCode::ACCEPTED);
    let outcome = edge.ended(&run(1)).await.outcome.unwrap();
    assert_eq!(
        (outcome.status, outcome.error.unwrap().kind.as_str()),
        (Status::Cancelled, "KeyboardInterrupt")
    );
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn a_run_that_does_not_end_by_an_interrupt_is_stopped_and_its_kernel_is_as_it_was_before() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    let deaf = "x = 0\nprint('in')\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass";
    node.place(&edge, &edge.order(&run(2), Some(&kernel), deaf)).await;
    edge.until(&run(2), |told| told.stdout() == "in\n").await;
    assert_eq!(node.cancel(&edge, &run(2)).await.status, StatusCode::ACCEPTED);
    let outcome = edge.ended(&run(2)).await.outcome.unwrap();
    assert_eq!((outcome.status, outcome.error.is_none()), (Status::Cancelled, true));
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn a_cancellation_that_the_edge_hands_back_with_a_report_counts_too() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    edge.request_cancel(&run(1));
    assert_eq!(
        node.cell(&edge, &run(1), None, FOREVER).await.outcome.unwrap().status,
        Status::Cancelled
    );
}

#[tokio::test]
async fn a_run_that_waits_for_its_kernel_can_be_cancelled_and_the_next_does_not_overtake() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.place(&edge, &edge.order(&run(1), Some(&kernel), FOREVER)).await;
    node.place(&edge, &edge.order(&run(2), Some(&kernel), "x = 2")).await;
    node.place(&edge, &edge.order(&run(3), Some(&kernel), "x = 3")).await;
    node.cancel(&edge, &run(2)).await;
    let told = edge.ended(&run(2)).await;
    assert_eq!((told.outcome.unwrap().status, told.events.len()), (Status::Cancelled, 0));
    assert_eq!(edge.told(&run(3)).events.len(), 0);
    node.cancel(&edge, &run(1)).await;
    assert_eq!(edge.ended(&run(3)).await.outcome.unwrap().status, Status::Succeeded);
}

#[tokio::test]
async fn a_run_past_its_wall_time_ends_as_timed_out_and_its_kernel_is_as_it_was_before() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    let mut order = edge.order(&run(2), Some(&kernel), &format!("x = 0\n{FOREVER}"));
    order.limits.wall_ms = 300;
    node.place(&edge, &order).await;
    let told = edge.ended(&run(2)).await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::TimedOut, "WallLimit")
    );
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn a_worker_that_does_not_end_a_run_at_its_limit_is_replaced() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let mut order = edge.order(&run(1), None, FOREVER);
    order.limits.wall_ms = 300;
    node.place(&edge, &order).await;
    edge.until(&run(1), |told| told.events.contains_key(&1)).await;
    // It hears and does nothing any more.
    let first = node.worker(0).await;
    rustix::process::kill_process(first, rustix::process::Signal::STOP).unwrap();
    let told = edge.ended(&run(1)).await;
    assert_eq!(told.outcome.as_ref().unwrap().status, Status::TimedOut);
    assert_ne!(node.worker(1).await, first);
    assert_eq!(
        node.cell(&edge, &run(2), None, "1").await.outcome.unwrap().status,
        Status::Succeeded
    );
}

#[tokio::test]
async fn one_run_more_than_the_node_takes_on_is_refused_and_the_caller_is_told_to_come_back() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1", "--waiting", "1"]).await;
    for number in 1..=2 {
        node.place(&edge, &edge.order(&run(number), None, FOREVER)).await;
    }
    let answer = node.try_place(&edge, &edge.order(&run(3), None, "1")).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "node.full"));
    assert!(answer.headers.contains_key("retry-after"));
    for number in 1..=2 {
        node.cancel(&edge, &run(number)).await;
        edge.ended(&run(number)).await;
    }
    assert_eq!(
        node.cell(&edge, &run(3), None, "1").await.outcome.unwrap().status,
        Status::Succeeded
    );
}
