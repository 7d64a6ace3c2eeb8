//! Orders that measure how a cell's cost grows.

use selvedge_protocol::{EventKind, Measure, Status, Task, limits};

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

fn measure(setup: &str, least: u64, most: u64) -> Task {
    Task::Measure(Measure {
        setup: setup.to_owned(),
        least,
        most,
    })
}

#[tokio::test]
async fn a_cell_is_measured_from_its_kernels_state_which_stays_as_it_is() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(
        &edge,
        &run(1),
        Some(&kernel),
        "def work(n):\n    for i in range(n):\n        for j in range(n): pass",
    )
    .await;
    let mut order = edge.order(&run(2), Some(&kernel), "work(n); touched = True");
    order.task = measure("rows = list(range(n))", 8, 1_000);
    order.limits.fuel = 2_000_000_000;
    node.place(&edge, &order).await;
    let told = edge.ended(&run(2)).await;
    let outcome = told.outcome.as_ref().unwrap();
    assert_eq!(outcome.status, Status::Succeeded, "{told:?}");
    assert!((1_000_000..2_000_000_000).contains(&outcome.fuel), "{}", outcome.fuel);
    assert!(told.value().unwrap().starts_with("Time: O(n²)"), "{:?}", told.value());
    let shown: Vec<_> = told.events.values().filter(|event| event.kind == EventKind::Display).collect();
    assert!(shown.len() >= 5 && shown.iter().all(|event| event.data["display_id"] == "complexity"));
    let after = node
        .cell(
            &edge,
            &run(3),
            Some(&kernel),
            "'touched' in globals(), 'n' in globals(), 'rows' in globals()",
        )
        .await;
    assert_eq!(after.value().unwrap(), "(False, False, False)");
}

#[tokio::test]
async fn what_cannot_be_measured_says_why() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let mut order = edge.order(&run(1), None, "1 / (n - 16)");
    order.task = measure("", 8, 1_000);
    node.place(&edge, &order).await;
    let told = edge.ended(&run(1)).await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::Failed, "ZeroDivisionError")
    );
    let most = limits::MEASURE_N_MAX;
    for (least, largest, accepted) in [(1, 1, true), (0, 1, false), (2, 1, false), (1, most, true), (1, most + 1, false)] {
        let mut order = edge.order(&run(2), None, "pass");
        order.task = measure("", least, largest);
        order.limits.fuel = 1;
        assert_eq!(
            node.try_place(&edge, &order).await.status.is_success(),
            accepted,
            "{least} to {largest}"
        );
    }
}
