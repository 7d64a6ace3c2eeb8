//! What an operator's Prometheus sees.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

/// Answers to `GET path`, with its head.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn figures_are_counted_and_tell_nothing_about_whose_runs_they_were() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--metrics", "127.0.0.1:0"]).await;
    node.cell(&edge, &run(1), Some(&kernel(1)), "secret = 'canary-value'").await;
    node.cell(&edge, &run(2), None, "1 / 0").await;
    let url = node.logged("metrics are answered", "url");
    let address = url
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/metrics")
        .unwrap();
    let text = get(address, "/metrics");
    for line in [
        "selvedge_node_runs_total{status=\"succeeded\"} 1",
        "selvedge_node_runs_total{status=\"failed\"} 1",
        "selvedge_node_checkpoint_seconds_count 1",
        "selvedge_node_runs_running 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
    }
    for word in ["canary", &kernel(1), &run(1), "prj_"] {
        assert!(!text.contains(word), "{word} is in the metrics");
    }
    assert!(get(address, "/").starts_with("HTTP/1.1 404"));
    // Edges find nothing there.
    assert_eq!(node.request("GET", "/metrics", None, b"").await.status, http::StatusCode::NOT_FOUND);
}
