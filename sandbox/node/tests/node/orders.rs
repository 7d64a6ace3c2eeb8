//! Orders: what is refused, what runs, and that each runs once.

use http::StatusCode;
use selvedge_protocol::{EventKind, Status};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::edge::{Edge, claims};
use crate::node::{Node, kernel, run};

#[tokio::test]
async fn a_run_reports_its_beginning_its_output_and_its_outcome() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let told = node.cell(&edge, &run(1), None, "print('hello')\n6 * 7").await;
    assert_eq!(told.events[&1].kind, EventKind::Started);
    assert_eq!((told.stdout().as_str(), told.value().as_deref()), ("hello\n", Some("42")));
    let outcome = told.outcome.unwrap();
    assert_eq!((outcome.status, outcome.error, outcome.truncated), (Status::Succeeded, None, false));
    assert!(outcome.fuel > 0);
}

#[tokio::test]
async fn an_isolated_run_sees_nothing_of_another() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), None, "x = 1").await;
    let told = node.cell(&edge, &run(2), None, "x").await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::Failed, "NameError")
    );
}

#[tokio::test]
async fn the_same_order_placed_again_is_accepted_and_runs_once() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let (kernel, order) = (kernel(1), edge.order(&run(2), Some(&kernel(1)), "count += 1"));
    node.cell(&edge, &run(1), Some(&kernel), "count = 0").await;
    let twice = tokio::join!(node.try_place(&edge, &order), node.try_place(&edge, &order));
    assert_eq!((twice.0.status, twice.1.status), (StatusCode::ACCEPTED, StatusCode::ACCEPTED));
    edge.ended(&order.run).await;
    node.place(&edge, &order).await;
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "count").await.value().unwrap(), "1");
}

#[tokio::test]
async fn runs_of_one_kernel_come_one_after_the_other_in_the_order_in_which_they_were_placed() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "order = []").await;
    for number in 2..10 {
        node.place(&edge, &edge.order(&run(number), Some(&kernel), &format!("order.append({number})")))
            .await;
    }
    assert_eq!(
        node.cell(&edge, &run(10), Some(&kernel), "order").await.value().unwrap(),
        "[2, 3, 4, 5, 6, 7, 8, 9]"
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_said_with_its_field() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let good = serde_json::to_value(edge.order(&run(1), None, "print(1)")).unwrap();
    for (pointer, value, field) in [
        ("/limits/wall_ms", json!(0), "limits.wall_ms"),
        ("/language", json!("cobol"), "language"),
        ("/report_url", json!("http://127.0.0.1:1/reports"), "report_url"),
        ("/limits", json!({ "colour": 1 }), "limits.colour"),
    ] {
        let mut order = good.clone();
        *order.pointer_mut(pointer).unwrap() = value;
        let body = order.to_string().into_bytes();
        let answer = node
            .request("POST", "/v1/runs", Some(&edge.key.sign(claims(&run(1), &body))), &body)
            .await;
        assert_eq!(
            (answer.status, answer.body["error"]["field"].as_str()),
            (StatusCode::BAD_REQUEST, Some(field)),
            "{answer:?}"
        );
    }
    let answer = node
        .request("POST", "/v1/runs", Some(&edge.key.sign(claims(&run(1), b"{"))), b"{")
        .await;
    assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "order.malformed"));
}

#[tokio::test]
async fn the_largest_order_is_taken_and_anything_larger_is_not_read() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    // Every byte of it takes six in JSON.
    let comment = format!("#{}", "\u{1}".repeat(999_999));
    let mut order = edge.order(&run(1), None, &comment);
    order.stdin = Some("\u{1}".repeat(1_000_000));
    node.place(&edge, &order).await;
    edge.ended(&run(1)).await;

    let ticket = edge.key.sign(claims(&run(2), b""));
    let length = selvedge_protocol::limits::ORDER_BYTES_MAX + 1;
    let mut stream = TcpStream::connect(node.url.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!("POST /v1/runs HTTP/1.1\r\nhost: node\r\nauthorization: Bearer {ticket}\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 413 ") && answer.contains("order.too_large"),
        "{answer}"
    );
}
