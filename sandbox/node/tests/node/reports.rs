//! Reports reach the edge, however often it refuses them, and stop when it wants no more.

use std::fs;

use selvedge_protocol::{EventKind, Status};

use crate::edge::Edge;
use crate::node::{Node, run};

#[tokio::test]
async fn reports_are_repeated_while_the_edge_is_in_trouble_and_nothing_is_missing_afterwards() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    edge.refuse(&[503, 500, 502, 429]);
    let told = node.cell(&edge, &run(1), None, "for i in range(3): print(i)").await;
    assert_eq!(told.stdout(), "0\n1\n2\n");
    assert!(told.reports >= 5);
    assert_eq!(told.outcome.unwrap().status, Status::Succeeded);
}

#[tokio::test]
async fn a_run_of_which_the_edge_wants_no_more_is_stopped_and_forgotten() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1"]).await;
    edge.refuse(&[404]);
    node.place(&edge, &edge.order(&run(1), None, "while True: pass")).await;
    edge.until(&run(1), |told| told.reports == 1).await;
    // There is one place: this one begins when the other has ended.
    node.cell(&edge, &run(2), None, "1").await;
    assert_eq!(edge.told(&run(1)).reports, 1);
    node.stop().await;
    assert_eq!(fs::read_dir(data.path().join("journal")).unwrap().count(), 0);
}

#[tokio::test]
async fn output_is_seen_while_the_cell_still_runs() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &edge.order(&run(1), None, "print('early')\nwhile True: pass"))
        .await;
    let told = edge.until(&run(1), |told| told.stdout() == "early\n").await;
    assert!(told.outcome.is_none());
}

#[tokio::test]
async fn a_megabyte_of_output_arrives_whole_in_more_than_one_report() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let mut order = edge.order(&run(1), None, "for i in range(3000): print('x' * 1023)");
    order.limits.output_bytes = 2 << 20;
    node.place(&edge, &order).await;
    let told = edge.ended(&run(1)).await;
    assert_eq!(told.stdout().len(), 2 << 20);
    assert!(told.outcome.unwrap().truncated);
    assert!(told.reports > 2);
    assert!(told.events.values().all(|event| event.kind != EventKind::Error));
}
