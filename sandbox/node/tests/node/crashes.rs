//! Processes that die: every accepted run ends, once.

use std::fs;
use std::path::Path;

use rustix::process::{Signal, kill_process};
use selvedge_protocol::Status;

use crate::edge::Edge;
use crate::node::{Node, command, gone, image, kernel, run, worker};

const FOREVER: &str = "print('in')\nwhile True: pass";

fn journal(data: &Path) -> usize {
    fs::read_dir(data.join("journal")).unwrap().count()
}

#[tokio::test]
async fn after_a_kill_of_the_node_its_run_is_reported_as_lost_and_its_worker_is_gone() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    node.place(&edge, &edge.order(&run(2), Some(&kernel), &format!("x = 0\n{FOREVER}")))
        .await;
    edge.until(&run(2), |told| told.stdout() == "in\n").await;
    let worker = node.worker(0).await;
    node.kill().await;
    gone(worker).await;
    assert!(edge.told(&run(2)).outcome.is_none());

    let node = Node::start(&edge, data.path()).await;
    assert_eq!(edge.ended(&run(2)).await.outcome.unwrap().status, Status::Lost);
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x + 1").await.value().unwrap(), "42");
    assert!(node.stop().await.success());
    assert_eq!(journal(data.path()), 0);
}

#[tokio::test]
async fn a_worker_that_does_nothing_any_more_does_not_outlive_its_node() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let worker = node.worker(0).await;
    // It does not see its stdin end.
    kill_process(worker, Signal::STOP).unwrap();
    node.kill().await;
    gone(worker).await;
}

#[tokio::test]
async fn an_order_of_a_run_that_is_being_reported_as_lost_is_not_run_again() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let order = edge.order(&run(1), None, FOREVER);
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &order).await;
    edge.until(&run(1), |told| told.stdout() == "in\n").await;
    node.kill().await;
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &order).await;
    // A second execution would change the event that the edge has, and the edge would not have it.
    assert_eq!(edge.ended(&run(1)).await.outcome.unwrap().status, Status::Lost);
}

#[tokio::test]
async fn when_the_worker_dies_its_run_is_lost_and_the_kernels_earlier_state_returns() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    node.place(&edge, &edge.order(&run(2), Some(&kernel), &format!("x = 0\n{FOREVER}")))
        .await;
    edge.until(&run(2), |told| told.stdout() == "in\n").await;
    kill_process(node.worker(0).await, Signal::KILL).unwrap();
    let told = edge.ended(&run(2)).await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::Lost, "Crash")
    );
    assert!(told.outcome.unwrap().error.unwrap().message.contains("Nothing was billed"));
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn a_node_that_is_stopped_ends_its_runs_and_tells_the_edge_before_it_goes() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--running", "1"]).await;
    node.place(&edge, &edge.order(&run(1), None, FOREVER)).await;
    edge.until(&run(1), |told| told.stdout() == "in\n").await;
    node.place(&edge, &edge.order(&run(2), None, FOREVER)).await;
    let worker = node.worker(0).await;
    assert!(node.stop().await.success());
    gone(worker).await;
    for number in 1..=2 {
        assert_eq!(edge.told(&run(number)).outcome.unwrap().status, Status::Lost);
    }
    assert_eq!(journal(data.path()), 0);
}

#[tokio::test]
async fn a_cell_that_ends_within_the_grace_is_not_lost_when_the_node_is_stopped() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.place(&edge, &edge.order(&run(1), None, "print('in')\nimport time\ntime.sleep(0.2)"))
        .await;
    edge.until(&run(1), |told| told.events.contains_key(&1)).await;
    node.stop().await;
    assert_eq!(edge.told(&run(1)).outcome.unwrap().status, Status::Succeeded);
}

#[tokio::test]
async fn a_node_that_cannot_start_says_why_and_what_to_do() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let nowhere = data.path().join("nothing");
    let words = async |edge: &str, folder: &Path, worker: &Path, image: &Path, listen: &str| {
        let output = command(edge, folder, worker)
            .arg("--image")
            .arg(image)
            .args(["--listen", listen])
            .output()
            .await
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let (url, folder, worker, image, any) = (&edge.url, data.path().join("a"), worker(), image(), "127.0.0.1:0");
    assert!(words(url, &folder, &worker, &nowhere, any).await.contains("build the images with"));
    assert!(
        words("edge.example", &folder, &worker, &image, any)
            .await
            .contains("http://127.0.0.1:3000")
    );
    assert!(words(url, &folder, &nowhere, &image, any).await.contains("--worker names it"));
    fs::write(&nowhere, b"a file").unwrap();
    assert!(words(url, &nowhere.join("data"), &worker, &image, any).await.contains("--data"));

    let node = Node::start(&edge, &folder).await;
    assert!(words(url, &folder, &worker, &image, any).await.contains("another node is using"));
    let address = node.url.strip_prefix("http://").unwrap();
    assert!(
        words(url, &data.path().join("b"), &worker, &image, address)
            .await
            .contains("--listen")
    );
}
