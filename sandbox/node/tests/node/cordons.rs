//! Processes of their own: what happens in one is nobody else's concern, and a kernel is the same wherever it wakes.

use rustix::process::{Signal, kill_process};
use selvedge_protocol::{Cordon, Order, Status};

use crate::edge::Edge;
use crate::node::{Node, gone, kernel, run};

const FOREVER: &str = "print('in')\nwhile True: pass";
const COUNT: &str = "x = globals().get('x', 0) + 1\nx";

fn order(edge: &Edge, number: u32, cordon: Cordon, kernel: Option<&str>, code: &str) -> Order {
    Order {
        cordon,
        ..edge.order(&run(number), kernel, code)
    }
}

/// An order of a project that has asked for a process of its own.
fn private(edge: &Edge, number: u32, project: u32, kernel: Option<&str>, code: &str) -> Order {
    Order {
        project: format!("prj_{project:032x}"),
        ..order(edge, number, Cordon::Private, kernel, code)
    }
}

#[tokio::test]
async fn when_a_worker_dies_the_other_cordon_does_not_notice() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &order(&edge, 1, Cordon::Anonymous, None, FOREVER)).await;
    node.place(&edge, &order(&edge, 3, Cordon::SignedIn, None, FOREVER)).await;
    for number in [1, 3] {
        edge.until(&run(number), |told| told.stdout() == "in\n").await;
    }
    let (visitors, people) = (node.worker_of("anonymous", 0).await, node.worker_of("signed_in", 0).await);
    assert_ne!(visitors, people);
    kill_process(visitors, Signal::KILL).unwrap();
    assert_eq!(edge.ended(&run(1)).await.outcome.unwrap().status, Status::Lost);
    // The visitors' next run is in a new process; what people run goes on in the old one.
    assert_ne!(node.worker_of("anonymous", 1).await, visitors);
    node.place(&edge, &order(&edge, 4, Cordon::Anonymous, None, "1")).await;
    assert_eq!(edge.ended(&run(4)).await.outcome.unwrap().status, Status::Succeeded);
    node.cancel(&edge, &run(3)).await;
    assert_eq!(edge.ended(&run(3)).await.outcome.unwrap().status, Status::Cancelled);
    assert_eq!(node.workers_of("signed_in"), [people]);
}

#[tokio::test]
async fn a_kernel_that_is_used_from_two_cordons_has_its_newest_state_in_both() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    let cordons = [
        Cordon::SignedIn,
        Cordon::Anonymous,
        Cordon::SignedIn,
        Cordon::Private,
        Cordon::Anonymous,
    ];
    for (number, cordon) in (1..).zip(cordons) {
        node.place(&edge, &order(&edge, number, cordon, Some(&kernel), COUNT)).await;
        assert_eq!(edge.ended(&run(number)).await.value().unwrap(), number.to_string());
    }
}

#[tokio::test]
async fn a_project_that_asks_has_a_process_that_others_neither_share_nor_outstay() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--workers-private", "1"]).await;
    assert!(node.workers_of("private").is_empty());
    let kernel = kernel(1);
    node.place(&edge, &private(&edge, 1, 1, Some(&kernel), COUNT)).await;
    edge.ended(&run(1)).await;
    let first = node.worker_of("private", 0).await;
    // There may be one; it is idle, so another project gets one in its place.
    node.place(&edge, &private(&edge, 2, 2, None, FOREVER)).await;
    edge.until(&run(2), |told| told.stdout() == "in\n").await;
    gone(first).await;
    // Now it is in use: the first project waits for it, and finds its kernel as it was.
    node.place(&edge, &private(&edge, 3, 1, Some(&kernel), COUNT)).await;
    node.place(&edge, &order(&edge, 4, Cordon::SignedIn, None, "1")).await;
    edge.ended(&run(4)).await;
    assert!(edge.told(&run(3)).events.is_empty());
    node.cancel(&edge, &run(2)).await;
    assert_eq!(edge.ended(&run(3)).await.value().unwrap(), "2");
    assert_eq!(node.workers_of("private").len(), 3);
}

#[tokio::test]
async fn where_no_project_gets_a_process_of_its_own_it_is_among_people_with_an_account() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--workers-private", "0"]).await;
    node.place(&edge, &private(&edge, 1, 1, None, "1")).await;
    assert_eq!(edge.ended(&run(1)).await.outcome.unwrap().status, Status::Succeeded);
    assert!(node.workers_of("private").is_empty());
}

#[tokio::test]
async fn a_worker_that_has_done_its_time_ends_what_it_has_begun_while_another_takes_over() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--worker-runs", "3"]).await;
    let kernel = kernel(1);
    node.place(&edge, &edge.order(&run(9), None, FOREVER)).await;
    edge.until(&run(9), |told| told.stdout() == "in\n").await;
    for number in 1..=3 {
        node.cell(&edge, &run(number), Some(&kernel), COUNT).await;
    }
    let (old, new) = (node.worker(0).await, node.worker(1).await);
    assert_eq!(node.cell(&edge, &run(4), Some(&kernel), COUNT).await.value().unwrap(), "4");
    assert!(edge.told(&run(9)).outcome.is_none());
    node.cancel(&edge, &run(9)).await;
    assert_eq!(edge.ended(&run(9)).await.outcome.unwrap().status, Status::Cancelled);
    gone(old).await;
    assert_ne!(old, new);
    assert_eq!(node.cell(&edge, &run(5), Some(&kernel), COUNT).await.value().unwrap(), "5");
}

#[tokio::test]
async fn kernels_stay_in_one_of_several_workers_of_their_cordon() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--workers-signed-in", "2"]).await;
    assert_ne!(node.worker(0).await, node.worker(1).await);
    for round in 1..=2_u32 {
        for number in 1..=6 {
            let told = node.cell(&edge, &run(10 * round + number), Some(&kernel(number)), COUNT).await;
            assert_eq!(told.value().unwrap(), round.to_string());
        }
    }
}

#[tokio::test]
async fn a_process_that_does_not_give_way_is_ended_and_its_neighbours_are_unharmed() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &order(&edge, 1, Cordon::SignedIn, None, FOREVER)).await;
    let mut stuck = order(&edge, 2, Cordon::Anonymous, None, FOREVER);
    stuck.limits.wall_ms = 100;
    node.place(&edge, &stuck).await;
    for number in 1..=2 {
        edge.until(&run(number), |told| told.events.contains_key(&1)).await;
    }
    // From here on its process hears nothing and stops nothing.
    let visitors = node.worker_of("anonymous", 0).await;
    kill_process(visitors, Signal::STOP).unwrap();
    let told = edge.ended(&run(2)).await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::TimedOut, "WallLimit")
    );
    gone(visitors).await;
    node.place(&edge, &order(&edge, 3, Cordon::Anonymous, None, "1")).await;
    assert_eq!(edge.ended(&run(3)).await.outcome.unwrap().status, Status::Succeeded);
    assert!(edge.told(&run(1)).outcome.is_none());
    assert_eq!(node.workers_of("signed_in").len(), 1);
}

#[tokio::test]
async fn programs_that_work_in_giant_steps_end_at_their_limit() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let programs = [
        "b = bytearray(40 << 20)\nwhile True: b[:] = bytes(40 << 20)",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        "import time\nwhile True: time.time()",
        "import time\ntime.sleep(1000)",
        "while True: print('x' * 1000)",
        "sum(range(10 ** 18))",
    ];
    for (number, program) in (1..).zip(programs) {
        let mut order = order(&edge, number, Cordon::Anonymous, None, program);
        order.limits.wall_ms = 300;
        node.place(&edge, &order).await;
        let told = edge.ended(&run(number)).await;
        assert_eq!(told.outcome.unwrap().status, Status::TimedOut, "{program}");
    }
}
