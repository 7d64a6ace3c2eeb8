//! The wall around the workers, as the node sees to it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use selvedge_protocol::hardening::{Layer, LayerName, LayerState};
use selvedge_protocol::worker::{FromWorker, VERSION, write_frame};
use selvedge_protocol::{EventKind, Outcome, Status};
use serde_json::json;

use crate::edge::Edge;
use crate::node::{Node, command, image, kernel, run, worker};

/// A program that says that it is ready, does this in a shell, and no more.
fn impostor(folder: &Path, layers: Vec<Layer>, then: &str) -> PathBuf {
    let ready = FromWorker::Ready {
        version: VERSION,
        image: "none".to_owned(),
        layers,
    };
    let mut frame = Vec::new();
    write_frame(&mut frame, &ready, &[]).unwrap();
    let words = folder.join("ready");
    fs::write(&words, frame).unwrap();
    let program = folder.join("impostor");
    fs::write(&program, format!("#!/bin/sh\n/bin/cat {}\n{then}\n", words.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    program
}

#[tokio::test]
async fn health_shows_every_layer_of_the_wall_and_every_cordon() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let health = node.request("GET", "/health/ready", None, b"").await.body;
    let layers: Vec<Layer> = serde_json::from_value(health["hardening"].clone()).unwrap();
    assert_eq!(layers.iter().map(|layer| layer.layer).collect::<Vec<_>>(), LayerName::ALL);
    assert!(layers.iter().all(|layer| !layer.why.is_empty()), "{layers:?}");
    let on = |name| layers.iter().any(|layer| layer.layer == name && layer.state == LayerState::On);
    // These need nothing but Linux.
    assert!(
        on(LayerName::NoNewPrivs) && on(LayerName::Seccomp) && on(LayerName::Undumpable),
        "{layers:?}"
    );
    let cordons: Vec<_> = health["cordons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cordon| &cordon["cordon"])
        .collect();
    assert_eq!(cordons, ["anonymous", "signed_in", "private"]);
}

#[tokio::test]
async fn a_worker_is_what_its_wall_says_it_is() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let status = fs::read_to_string(format!("/proc/{}/status", node.worker(0).await.as_raw_nonzero())).unwrap();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().to_owned()
    };
    assert_eq!((field("NoNewPrivs:").as_str(), field("Seccomp:").as_str()), ("1", "2"));
    assert_eq!((field("CapEff:"), field("CapPrm:")), ("0".repeat(16), "0".repeat(16)));
}

#[tokio::test]
async fn a_node_that_must_have_a_layer_does_not_start_without_it_and_says_what_to_do() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = async |layers: &str, worker: &Path| {
        let mut node = command(&edge.url, data.path(), worker);
        node.arg("--image").arg(image()).args(["--require-hardening", layers]);
        let output = node.output().await.unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (started, said) = node("seccomp,cgroup", &worker()).await;
    assert!(
        !started && said.contains("lacks cgroup (no folder was given with --cgroup: give the node"),
        "{said}"
    );
    // A layer of which the worker says nothing does not stand.
    let (started, said) = node("landlock", &impostor(data.path(), vec![], "/bin/cat")).await;
    assert!(!started && said.contains("lacks landlock (the worker does not know it"), "{said}");
    let node = Node::start_with(&edge, data.path(), &["--require-hardening", "no_new_privs,seccomp"]).await;
    assert!(node.stop().await.success());
}

#[tokio::test]
async fn a_worker_that_asks_the_system_for_what_guests_never_need_is_said_to_have_done_so() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let worker = impostor(data.path(), vec![], "kill -s SYS $$");
    let node = Node::start_worker(&edge, data.path(), &worker, &[]).await;
    let line = node
        .logs(|line| line["message"].as_str().unwrap().starts_with("the worker ended"))
        .await;
    assert!(line["how"].as_str().unwrap().contains("its system-call filter"), "{line}");
}

#[tokio::test]
async fn nothing_of_the_nodes_surroundings_reaches_a_worker() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let found = data.path().join("found");
    let look = format!(
        "/bin/cat /proc/$$/environ > {0}.environment\npwd > {0}.folder\n/bin/cat",
        found.display()
    );
    let worker = impostor(data.path(), vec![], &look);
    let node = Node::start_worker(&edge, data.path(), &worker, &[]).await;
    // The look is over before the worker hears of its first run.
    node.place(&edge, &edge.order(&run(1), None, "1")).await;
    assert!(std::env::vars_os().next().is_some());
    node.logs(|line| line["message"].as_str().unwrap().starts_with("the worker says what"))
        .await;
    assert_eq!(fs::read_to_string(found.with_extension("environment")).unwrap(), "");
    assert_eq!(fs::read_to_string(found.with_extension("folder")).unwrap(), "/\n");
}

/// A frame that a worker could send.
fn frame(folder: &Path, name: &str, message: &FromWorker) -> PathBuf {
    let mut frame = Vec::new();
    write_frame(&mut frame, message, &[]).unwrap();
    let path = folder.join(name);
    fs::write(&path, frame).unwrap();
    path
}

#[tokio::test]
async fn what_a_worker_that_was_taken_over_hands_over_does_not_become_the_kernel() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    node.stop().await;
    let outcome = Outcome {
        status: Status::Succeeded,
        fuel: 1,
        duration_ms: 1,
        error: None,
        truncated: false,
        receipt: None,
    };
    // What is no object, and one that needs none before it where there must be one that does.
    let mut whole = b"SLVGCKPT\x02\0\0\0".to_vec();
    whole.extend([0; 2 + 32 + 4 + 16 + 4 + 4 + 4 + 1]);
    for (number, object) in [(2, b"pickle".to_vec()), (3, whole)] {
        let ended = FromWorker::Ended {
            run: run(number),
            outcome: outcome.clone(),
            kept: true,
            after: Some(1),
        };
        let mut words = Vec::new();
        write_frame(&mut words, &ended, &object).unwrap();
        let path = data.path().join("ended");
        fs::write(&path, words).unwrap();
        let then = format!(
            "/bin/dd bs=1 count=1 of=/dev/null 2>/dev/null\n/bin/cat {}\nexec /bin/cat",
            path.display()
        );
        let node = Node::start_worker(&edge, data.path(), &impostor(data.path(), vec![], &then), &[]).await;
        let told = node.cell(&edge, &run(number), Some(&kernel), "x").await;
        assert_eq!(told.outcome.unwrap().status, Status::Lost);
        node.stop().await;
    }
    let node = Node::start(&edge, data.path()).await;
    assert_eq!(node.cell(&edge, &run(4), Some(&kernel), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn a_worker_that_was_taken_over_cannot_fill_its_node_with_what_a_run_says() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let event = |kind, data| FromWorker::Event {
        run: run(1),
        kind,
        at: 1,
        data,
    };
    let started = frame(data.path(), "started", &event(EventKind::Started, json!({})));
    let text = frame(
        data.path(),
        "text",
        &event(EventKind::Stdout, json!({ "text": "x".repeat(900_000) })),
    );
    // It waits until it has heard of the run.
    let flood = format!(
        "/bin/dd bs=1 count=1 of=/dev/null 2>/dev/null\n/bin/cat {}\nwhile /bin/cat {}; do :; done",
        started.display(),
        text.display()
    );
    let node = Node::start_worker(&edge, data.path(), &impostor(data.path(), vec![], &flood), &[]).await;
    node.place(&edge, &edge.order(&run(1), None, "1")).await;
    let told = edge.ended(&run(1)).await;
    assert_eq!(told.outcome.unwrap().status, Status::Lost);
    assert!(told.events.len() < 40, "{}", told.events.len());
}

#[tokio::test]
async fn a_worker_that_was_taken_over_cannot_fill_its_nodes_memory_and_log_with_complaints() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let flood = "/bin/dd if=/dev/zero bs=1000000 count=300 >&2 2>/dev/null\nyes complaint | head -n 5000 >&2";
    let node = Node::start_worker(&edge, data.path(), &impostor(data.path(), vec![], flood), &[]).await;
    let line = node
        .logs(|line| line["message"].as_str().unwrap().starts_with("the worker said more"))
        .await;
    assert!(line["lines"].as_u64().unwrap() >= 5_000, "{line}");
    let status = fs::read_to_string(format!("/proc/{}/status", node.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < 100_000, "the node has held {peak} KiB");
}
