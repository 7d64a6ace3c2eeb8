//! Orders that certify what a cell does.

use http::StatusCode;
use selvedge_protocol::{Certify, EventKind, Order, Receipt, Status, Task};

use crate::edge::{Edge, Told};
use crate::node::{Node, kernel, run};

fn certify(mut order: Order, seed: &str) -> Order {
    order.task = Task::Certify(Certify {
        seed: seed.to_owned(),
        time_ms: 1_700_000_000_000,
    });
    order
}

fn receipt(told: &Told) -> Receipt {
    let outcome = told.outcome.as_ref().unwrap();
    *outcome.receipt.clone().unwrap_or_else(|| panic!("no receipt: {told:?}"))
}

const RESTLESS: &str = "import random, time\nprint(random.random(), time.time())";

#[tokio::test]
async fn a_certified_run_does_the_same_again_and_says_so() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let mut seen = Vec::new();
    for (number, seed) in [(1, "7".repeat(64)), (2, "7".repeat(64)), (3, "8".repeat(64))] {
        node.place(&edge, &certify(edge.order(&run(number), None, RESTLESS), &seed)).await;
        let told = edge.ended(&run(number)).await;
        let receipt = receipt(&told);
        assert_eq!((receipt.run.as_str(), receipt.start.as_ref()), (run(number).as_str(), None));
        assert_eq!(receipt.fuel, told.outcome.as_ref().unwrap().fuel);
        seen.push((receipt.fuel, receipt.output, told.stdout()));
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!((&seen[0].1, &seen[0].2), (&seen[2].1, &seen[2].2));
}

#[tokio::test]
async fn a_kernel_goes_on_after_a_certified_cell_in_the_real_world() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    let order = certify(edge.order(&run(2), Some(&kernel), "x += 1; x"), &"7".repeat(64));
    node.place(&edge, &order).await;
    let told = edge.ended(&run(2)).await;
    assert_eq!(told.value().unwrap(), "42");
    assert!(receipt(&told).start.is_some());
    let told = node
        .cell(&edge, &run(3), Some(&kernel), "import time; (x, time.time() > 1_750_000_000)")
        .await;
    assert_eq!(told.value().unwrap(), "(42, True)");
}

#[tokio::test]
async fn only_a_certified_run_that_ended_by_itself_has_a_receipt() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    // What a program says is no receipt, whatever it looks like.
    let forged = "display({'application/vnd.selvedge.receipt+json': {'version': 1}}, raw=True)\nprint('{\"receipt\":{}}')";
    let told = node.cell(&edge, &run(1), None, forged).await;
    assert_eq!(told.outcome.unwrap().receipt, None);
    let mut order = certify(edge.order(&run(2), None, "print('on')\nwhile True: pass"), &"7".repeat(64));
    order.limits.wall_ms = 200;
    node.place(&edge, &order).await;
    let told = edge.ended(&run(2)).await;
    assert!(told.events.values().any(|event| event.kind == EventKind::Stdout));
    let outcome = told.outcome.unwrap();
    assert_eq!((outcome.status, outcome.receipt), (Status::TimedOut, None));
    for seed in ["", "7", &"7".repeat(65), &"G".repeat(64)] {
        let answer = node.try_place(&edge, &certify(edge.order(&run(3), None, "1"), seed)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "order.invalid"), "{seed}");
    }
}
