//! One project's runs do not keep the others' waiting.

use http::StatusCode;

use crate::edge::Edge;
use crate::node::{Node, run};

const FOREVER: &str = "print('in')\nwhile True: pass";
const PROJECTS: [&str; 2] = ["prj_0000000000000000000000000000000a", "prj_0000000000000000000000000000000b"];

fn order(edge: &Edge, number: u32, project: &str, code: &str) -> selvedge_protocol::Order {
    selvedge_protocol::Order {
        project: project.to_owned(),
        ..edge.order(&run(number), None, code)
    }
}

#[tokio::test]
async fn a_project_that_comes_later_is_not_behind_everything_that_another_has_sent() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1"]).await;
    let [busy, other] = PROJECTS;
    node.place(&edge, &order(&edge, 1, busy, FOREVER)).await;
    edge.until(&run(1), |told| told.stdout() == "in\n").await;
    for number in 2..=5 {
        node.place(&edge, &order(&edge, number, busy, "1")).await;
    }
    node.place(&edge, &order(&edge, 9, other, FOREVER)).await;
    node.cancel(&edge, &run(1)).await;
    // After one more of the first project it is the second one's turn.
    edge.until(&run(9), |told| told.stdout() == "in\n").await;
    assert_eq!((3..=5).map(|number| edge.told(&run(number)).events.len()).sum::<usize>(), 0);
    node.cancel(&edge, &run(9)).await;
    for number in 2..=5 {
        edge.ended(&run(number)).await;
    }
}

#[tokio::test]
async fn a_project_cannot_take_all_the_places_where_runs_wait() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1", "--waiting-of-project", "1"]).await;
    let [busy, other] = PROJECTS;
    for number in 1..=2 {
        node.place(&edge, &order(&edge, number, busy, FOREVER)).await;
    }
    let answer = node.try_place(&edge, &order(&edge, 3, busy, "1")).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "node.project_full"));
    assert!(answer.headers.contains_key("retry-after"));
    node.place(&edge, &order(&edge, 4, other, "1")).await;
    for number in 1..=2 {
        node.cancel(&edge, &run(number)).await;
        edge.ended(&run(number)).await;
    }
    edge.ended(&run(4)).await;
    // Its place is free again.
    node.place(&edge, &order(&edge, 3, busy, "1")).await;
    edge.ended(&run(3)).await;
}
