//! Questions about kernels.

use http::StatusCode;
use serde_json::{Value, json};

use crate::edge::{Edge, claims, claims_to};
use crate::node::{Answer, Node, kernel, run};

/// The answer to a question about a kernel of the project of [`Edge::order`].
async fn ask(node: &Node, edge: &Edge, kernel: &str, question: Value) -> Answer {
    let order = edge.order(&run(0), None, "");
    let body = json!({ "project": order.project, "seal": order.seal, "question": question }).to_string();
    let ticket = edge.key.sign(claims_to("ask", kernel, body.as_bytes()));
    node.request("POST", &format!("/v1/kernels/{kernel}/ask"), Some(&ticket), body.as_bytes())
        .await
}

fn value_of(answer: &Answer, name: &str) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let list = answer.body["variables"].as_array().unwrap();
    list.iter()
        .find(|entry| entry["name"] == name)
        .map_or(Value::Null, |entry| entry["value"].clone())
}

#[tokio::test]
async fn a_kernel_is_asked_alive_asleep_busy_and_before_its_first_cell() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    let complete = json!({"complete": {"code": "isinst", "cursor": 6}});
    let before = ask(&node, &edge, &kernel, complete).await;
    assert_eq!(before.body["matches"], json!(["isinstance"]), "{before:?}");

    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    let variables = || json!({"variables": {}});
    assert_eq!(value_of(&ask(&node, &edge, &kernel, variables()).await, "x"), "41");

    node.place(&edge, &edge.order(&run(2), Some(&kernel), "x = 42\nprint('on')\nwhile True: pass"))
        .await;
    edge.until(&run(2), |told| !told.stdout().is_empty()).await;
    assert_eq!(
        value_of(&ask(&node, &edge, &kernel, variables()).await, "x"),
        "41",
        "as it was before the cell that runs"
    );
    node.cancel(&edge, &run(2)).await;
    edge.ended(&run(2)).await;

    assert!(node.stop().await.success());
    let node = Node::start(&edge, data.path()).await;
    // What the interrupted cell did is kept.
    assert_eq!(value_of(&ask(&node, &edge, &kernel, variables()).await, "x"), "42");
    let told = node.cell(&edge, &run(3), Some(&kernel), "x").await;
    assert_eq!(told.value().unwrap(), "42");
}

#[tokio::test]
async fn a_question_needs_a_ticket_for_its_kernel_and_body_and_says_what_is_wrong() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let (mine, other) = (kernel(1), kernel(2));
    let body = br#"{}"#;
    let path = format!("/v1/kernels/{mine}/ask");
    assert_eq!(node.request("POST", &path, None, body).await.code(), "ticket.missing");
    for claims in [
        claims_to("ask", &other, body),
        claims_to("ask", &mine, b"another"),
        claims(&mine, body),
    ] {
        assert_eq!(
            node.request("POST", &path, Some(&edge.key.sign(claims)), body).await.code(),
            "ticket.other"
        );
    }
    assert_eq!(
        node.request("POST", &path, Some(&edge.key.sign(claims_to("ask", &mine, body))), body)
            .await
            .code(),
        "ask.malformed"
    );
    assert_eq!(ask(&node, &edge, &mine, json!({"a": 1, "b": 2})).await.code(), "ask.malformed");
    assert_eq!(ask(&node, &edge, &mine, json!({"dance": {}})).await.code(), "ask.unknown");
    assert_eq!(
        ask(&node, &edge, "krn_.", json!({"variables": {}})).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn code_that_never_ends_hangs_no_question_and_the_next_is_answered() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "def forever():\n    while True: pass\nx = 1")
        .await;
    let endless = ask(&node, &edge, &kernel, json!({"complete": {"code": "forever().a", "cursor": 11}})).await;
    assert_eq!(endless.code(), "ask.too_much", "{endless:?}");
    assert_eq!(value_of(&ask(&node, &edge, &kernel, json!({"variables": {}})).await, "x"), "1");
}

#[tokio::test]
async fn a_cell_that_prints_faster_than_the_edge_hears_waits_and_loses_nothing() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    // The edge is away for the first reports.
    edge.refuse(&[503; 4]);
    let mut order = edge.order(&run(1), None, "for i in range(3_000): print(f'{i:04}' + 'x' * 995)");
    order.limits.output_bytes = 4 << 20;
    node.place(&edge, &order).await;
    let told = edge.ended(&run(1)).await;
    let lines: Vec<_> = told.stdout().lines().map(|line| line[..4].parse::<usize>().unwrap()).collect();
    assert!(lines.iter().copied().eq(0..3_000), "{}", lines.len());
}

#[tokio::test]
async fn a_kernel_that_nobody_uses_falls_asleep_and_wakes_for_the_next_cell() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--idle", "1"]).await;
    node.cell(&edge, &run(1), Some(&kernel(1)), "x = 41").await;
    let awake = loop {
        let status = node.request("GET", "/health/ready", None, b"").await;
        if status.body["kernels"]["alive"] == 0 {
            break status.body["kernels"].clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(awake, json!({"alive": 0, "fell_asleep": 1}));
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel(1)), "x + 1").await.value().unwrap(), "42");
    let status = node.request("GET", "/health/ready", None, b"").await;
    assert_eq!(status.body["kernels"], json!({"alive": 1, "fell_asleep": 1}));
}
