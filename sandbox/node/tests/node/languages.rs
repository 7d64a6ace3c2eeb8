//! Orders in other languages than Python.

use selvedge_protocol::Status;

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

#[tokio::test]
async fn a_javascript_kernel_keeps_its_variables_over_a_restart_and_refuses_python() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let order = |number: u32, language: &str, code: &str| {
        let mut order = edge.order(&run(number), Some(&kernel), code);
        language.clone_into(&mut order.language);
        order
    };
    let node = Node::start(&edge, data.path()).await;
    for (number, code) in [
        (1, "let count = 40; const next = (function* () { for (;;) yield ++count })()"),
        (2, "console.log(next.next().value)"),
    ] {
        let placed = order(number, "javascript", code);
        node.place(&edge, &placed).await;
        assert_eq!(edge.ended(&placed.run).await.outcome.unwrap().status, Status::Succeeded);
    }
    drop(node);
    let node = Node::start(&edge, data.path()).await;
    let python = order(3, "python", "count");
    node.place(&edge, &python).await;
    assert_eq!(edge.ended(&python.run).await.error(), "KernelLanguage");
    let woken = order(4, "javascript", "next.next().value");
    node.place(&edge, &woken).await;
    assert_eq!(edge.ended(&woken.run).await.value().unwrap(), "42");
}
