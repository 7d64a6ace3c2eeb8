//! A node that is being stopped finishes what it has, and says that it takes nothing new.

use http::StatusCode;
use selvedge_protocol::Status;

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

#[tokio::test]
async fn a_draining_node_ends_its_runs_in_order_and_sends_new_ones_elsewhere() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1", "--drain", "60", "--region", "north"]).await;
    let ready = node.request("GET", "/health/ready", None, b"").await;
    assert_eq!((ready.status, &ready.body["region"]), (StatusCode::OK, &"north".into()));
    assert_eq!(
        (&ready.body["capacity"]["running"], &ready.body["load"]["running"]),
        (&1.into(), &0.into())
    );

    node.place(&edge, &edge.order(&run(1), None, "print('in')\nwhile True: pass")).await;
    edge.until(&run(1), |told| told.stdout() == "in\n").await;
    node.place(&edge, &edge.order(&run(2), Some(&kernel(1)), "x = 42")).await;
    node.terminate();
    let draining = loop {
        let answer = node.request("GET", "/health/ready", None, b"").await;
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            break answer.body;
        }
    };
    assert_eq!((&draining["status"], &draining["load"]["waiting"]), (&"draining".into(), &1.into()));
    let refused = node.try_place(&edge, &edge.order(&run(3), None, "1")).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::SERVICE_UNAVAILABLE, "node.closing"));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(node.cancel(&edge, &run(1)).await.status, StatusCode::ACCEPTED);

    // Nothing is left to do, so it does not wait for the minute to pass; what waited was done and kept.
    assert!(node.ended().await.success());
    assert_eq!(edge.told(&run(1)).outcome.unwrap().status, Status::Cancelled);
    assert_eq!(edge.told(&run(2)).outcome.unwrap().status, Status::Succeeded);
    let next = Node::start(&edge, data.path()).await;
    assert_eq!(next.cell(&edge, &run(4), Some(&kernel(1)), "x").await.value().unwrap(), "42");
}
