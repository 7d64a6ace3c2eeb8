//! Kernels can be what they were, here, in another kernel and at another node.

use http::StatusCode;
use serde_json::{Value, json};

use crate::edge::{Edge, claims, claims_to};
use crate::node::{Answer, Node, kernel, run};

/// Something done with a kernel of the project of [`Edge::order`].
async fn ask(node: &Node, edge: &Edge, kernel: &str, what: &str, more: Value, file: &[u8]) -> Answer {
    let order = edge.order(&run(0), None, "");
    let mut body = json!({ "project": order.project, "seal": order.seal });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut body = body.to_string().into_bytes();
    if what == "import" {
        body.push(b'\n');
        body.extend_from_slice(file);
    }
    let ticket = edge.key.sign(claims_to(what, kernel, &body));
    node.request("POST", &format!("/v1/kernels/{kernel}/{what}"), Some(&ticket), &body)
        .await
}

async fn numbers(node: &Node, edge: &Edge, kernel: &str) -> Vec<u64> {
    let answer = ask(node, edge, kernel, "history", json!({}), &[]).await;
    let list = answer.body["checkpoints"].as_array().unwrap().clone();
    list.iter().map(|moment| moment["number"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_kernel_goes_back_in_place_and_its_later_states_stay() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    for (number, code) in [(1, "x = 1"), (2, "x = 2"), (3, "x = 3")] {
        node.cell(&edge, &run(number), Some(&kernel), code).await;
    }
    assert_eq!(numbers(&node, &edge, &kernel).await, [1, 2, 3]);
    for (step, (to, value)) in [(1, "1"), (3, "3"), (2, "2")].into_iter().enumerate() {
        let answer = ask(&node, &edge, &kernel, "rewind", json!({ "number": to }), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let told = node.cell(&edge, &run(10 + u32::try_from(step).unwrap()), Some(&kernel), "x").await;
        assert_eq!(told.value().unwrap(), value);
    }
    let answer = ask(&node, &edge, &kernel, "diff", json!({ "a": 1, "b": 2 }), &[]).await;
    assert!(!answer.body["pages"].as_array().unwrap().is_empty(), "{answer:?}");
    let answer = ask(&node, &edge, &kernel, "rewind", json!({ "number": 99 }), &[]).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "kernel.no_such_checkpoint"));

    // It is so after a restart, too.
    assert!(node.stop().await.success());
    let node = Node::start(&edge, data.path()).await;
    assert_eq!(node.cell(&edge, &run(20), Some(&kernel), "x").await.value().unwrap(), "2");
}

#[tokio::test]
async fn a_kernel_begins_anew_and_is_what_it_was_when_it_is_asked_to() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    let history = async || ask(&node, &edge, &kernel, "history", json!({}), &[]).await.body;
    assert_eq!(history().await, json!({ "checkpoints": [], "newest": null }));
    let told = node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    assert_eq!((told.checkpoint, history().await["newest"].as_u64()), (Some(1), Some(1)));
    let restarted = ask(&node, &edge, &kernel, "restart", json!({}), &[]).await;
    assert_eq!(restarted.status, StatusCode::OK, "{restarted:?}");
    let told = history().await;
    assert_eq!((&told["newest"], &told["checkpoints"][0]["number"]), (&Value::Null, &json!(1)));
    let told = node.cell(&edge, &run(2), Some(&kernel), "x").await;
    assert_eq!((told.error().as_str(), told.checkpoint), ("NameError", Some(2)));
    ask(&node, &edge, &kernel, "rewind", json!({ "number": 1 }), &[]).await;
    let told = history().await;
    assert_eq!(
        (&told["newest"], &told["checkpoints"][2]["same"], &told["checkpoints"][0]["same"]),
        (&json!(3), &json!(true), &json!(false))
    );
    let told = node.cell(&edge, &run(3), Some(&kernel), "x + 1").await;
    assert_eq!(told.value().unwrap(), "42");
    // A run without a kernel leaves none.
    assert_eq!(node.cell(&edge, &run(4), None, "1").await.checkpoint, None);
    // Nobody has to take a file that is too large for them.
    let file = ask(&node, &edge, &kernel, "export", json!({}), &[]).await.bytes;
    let most = |most: usize| ask(&node, &edge, &kernel, "export", json!({ "most": most }), &[]);
    assert_eq!(most(file.len()).await.bytes, file);
    let refused = most(file.len() - 1).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::PAYLOAD_TOO_LARGE, "kernel.too_large")
    );
}

#[tokio::test]
async fn forks_go_on_from_there_and_keep_what_they_need_when_the_first_is_removed() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let [first, second, third] = [1, 2, 3].map(kernel);
    node.cell(&edge, &run(1), Some(&first), "x = [1]").await;
    let into = json!({ "kernels": [second, third] });
    assert_eq!(ask(&node, &edge, &first, "fork", into.clone(), &[]).await.status, StatusCode::OK);
    assert_eq!(ask(&node, &edge, &first, "fork", into, &[]).await.code(), "kernel.exists");
    node.cell(&edge, &run(2), Some(&first), "x.append('first')").await;
    let told = node.cell(&edge, &run(3), Some(&second), "x.append('second'); x").await;
    assert_eq!(told.value().unwrap(), "[1, 'second']");
    assert_eq!(ask(&node, &edge, &first, "remove", json!({}), &[]).await.status, StatusCode::OK);
    assert_eq!(node.cell(&edge, &run(4), Some(&first), "x").await.error(), "NameError");
    assert_eq!(node.cell(&edge, &run(5), Some(&third), "x").await.value().unwrap(), "[1]");
}

#[tokio::test]
async fn an_exported_kernel_goes_on_at_another_node() {
    let (edge, here, there) = (Edge::start().await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [first, second] = [1, 2].map(kernel);
    let node = Node::start(&edge, here.path()).await;
    node.cell(&edge, &run(1), Some(&first), "x = 41").await;
    node.cell(&edge, &run(2), Some(&first), "def f(): return x + 1").await;
    let file = ask(&node, &edge, &first, "export", json!({}), &[]).await.bytes;
    assert!(node.stop().await.success());

    let node = Node::start(&edge, there.path()).await;
    let torn = ask(&node, &edge, &second, "import", json!({}), &file[..file.len() - 1]).await;
    assert_eq!((torn.status, torn.code()), (StatusCode::BAD_REQUEST, "kernel.not_an_export"));
    assert_eq!(ask(&node, &edge, &second, "import", json!({}), &file).await.status, StatusCode::OK);
    assert_eq!(node.cell(&edge, &run(3), Some(&second), "f()").await.value().unwrap(), "42");
    assert_eq!(ask(&node, &edge, &second, "import", json!({}), &file).await.code(), "kernel.exists");
}

#[tokio::test]
async fn nothing_is_done_without_a_ticket_for_this_kernel_and_this_body() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let (kernel, other) = (kernel(1), kernel(2));
    node.cell(&edge, &run(1), Some(&kernel), "x = 1").await;
    let order = edge.order(&run(0), None, "");
    let body = json!({ "project": order.project, "seal": order.seal }).to_string();
    let path = format!("/v1/kernels/{kernel}/remove");
    for ticket in [
        None,
        Some(edge.key.sign(claims_to("remove", &other, body.as_bytes()))),
        Some(edge.key.sign(claims_to("remove", &kernel, b"{}"))),
    ] {
        let answer = node.request("POST", &path, ticket.as_deref(), body.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer:?}");
    }
    assert_eq!(numbers(&node, &edge, &kernel).await, [1]);
}

/// `history`, `export` and `remove` have the same body: what a ticket is for does not follow from that.
#[tokio::test]
async fn a_ticket_for_one_operation_is_none_for_another() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 1").await;
    let order = edge.order(&run(0), None, "");
    let body = json!({ "project": order.project, "seal": order.seal }).to_string();
    let body = body.as_bytes();
    let no_action = edge.key.sign(claims(&kernel, body));
    for operation in [
        "rewind", "restart", "fork", "name", "history", "diff", "export", "import", "remove", "ask",
    ] {
        let path = format!("/v1/kernels/{kernel}/{operation}");
        let others = ["history", "export", "remove", "ask"]
            .into_iter()
            .filter(|other| *other != operation);
        let others = others.map(|other| edge.key.sign(claims_to(other, &kernel, body)));
        for ticket in others.chain([no_action.clone()]) {
            let answer = node.request("POST", &path, Some(&ticket), body).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (401, "ticket.other"), "{operation}");
        }
    }
    assert_eq!(numbers(&node, &edge, &kernel).await, [1]);
}
