//! Nothing but health answers without a ticket for exactly this.

use std::sync::atomic::Ordering;
use std::time::Instant;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use selvedge_protocol::Status;
use serde_json::json;

use crate::edge::{Edge, Key, claims};
use crate::node::{Node, run};

#[tokio::test]
async fn every_ticket_that_is_not_for_exactly_this_order_is_refused_and_nothing_runs() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let run = run(1);
    let body = serde_json::to_vec(&edge.order(&run, None, "print(1)")).unwrap();
    let good = claims(&run, &body);
    let changed = |name: &str, value| {
        let mut claims = good.clone();
        claims[name] = value;
        edge.key.sign(claims)
    };
    let unsigned = |header| {
        let part = |json: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.", part(header), part(good.clone()))
    };
    let mut no_expiry = good.clone();
    no_expiry.as_object_mut().unwrap().remove("exp");
    let refused = [
        ("no token at all", "x".to_owned(), "ticket.foreign"),
        ("alg none", unsigned(json!({ "alg": "none", "kid": "key-1" })), "ticket.foreign"),
        (
            "alg none in disguise",
            unsigned(json!({ "alg": "EdDSA", "kid": "key-1" })),
            "ticket.foreign",
        ),
        (
            "a key that the edge does not have",
            Key::new("key-9", 9).sign(good.clone()),
            "ticket.foreign",
        ),
        (
            "a foreign key under the edge's id",
            Key::new("key-1", 9).sign(good.clone()),
            "ticket.foreign",
        ),
        ("expired", changed("exp", json!(1_000_000_000)), "ticket.expired"),
        ("no expiry", edge.key.sign(no_expiry), "ticket.expired"),
        ("a report token", changed("aud", json!("selvedge-report")), "ticket.other"),
        (
            "another body",
            changed("digest", claims(&run, b"other")["digest"].clone()),
            "ticket.other",
        ),
        ("no digest", changed("digest", json!("")), "ticket.other"),
        ("another run", changed("run", json!(crate::node::run(2))), "ticket.other"),
    ];
    for (what, ticket, code) in refused {
        let answer = node.request("POST", "/v1/runs", Some(&ticket), &body).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, code), "{what}");
        let answer = node.request("POST", &format!("/v1/runs/{run}/cancel"), Some(&ticket), b"").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "cancel: {what}");
    }
    for path in ["/v1/runs", &format!("/v1/runs/{run}/cancel")] {
        let answer = node.request("POST", path, None, &body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::UNAUTHORIZED, "ticket.missing"),
            "{path}"
        );
    }
    assert_eq!(node.cancel(&edge, &run).await.status, StatusCode::NOT_FOUND);
    let answer = node.request("POST", "/v1/runs", Some(&edge.key.sign(good)), &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(edge.ended(&run).await.outcome.unwrap().status, Status::Succeeded);
}

#[tokio::test]
async fn health_answers_to_everybody_and_says_nothing_else() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(node.request("GET", path, None, b"").await.status, StatusCode::OK);
    }
    for path in ["/", "/v1", "/v1/runs/x", "/metrics", "/health", "/v1/runs/../../health/live"] {
        assert_eq!(node.request("GET", path, None, b"").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        node.request("GET", "/v1/runs", None, b"").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn a_new_key_of_the_edge_is_fetched_and_a_flood_of_unknown_ones_does_not_flood_the_edge() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let began = Instant::now();
    for _ in 0..50 {
        let answer = node
            .request("POST", "/v1/runs", Some(&Key::new("key-9", 9).sign(claims(&run(1), b""))), b"")
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let fetches = edge.key_fetches.load(Ordering::Relaxed) as u64;
    assert!(fetches <= 2 + began.elapsed().as_secs(), "{fetches} fetches");

    let next = Key::new("key-2", 2);
    edge.publish(&next);
    let body = serde_json::to_vec(&edge.order(&run(2), None, "print(1)")).unwrap();
    let ticket = next.sign(claims(&run(2), &body));
    // Refused until the second since the last fetch is over, then taken.
    while node.request("POST", "/v1/runs", Some(&ticket), &body).await.status == StatusCode::UNAUTHORIZED {}
    edge.ended(&run(2)).await;
}

#[tokio::test]
async fn without_the_edges_keys_nothing_is_accepted_and_the_caller_is_told_to_come_back() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let mut nobody = Edge::start().await;
    nobody.url = "http://127.0.0.1:1".to_owned();
    let node = Node::start(&nobody, data.path()).await;
    let answer = node.try_place(&edge, &edge.order(&run(1), None, "print(1)")).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "keys.unavailable")
    );
    assert!(answer.headers.contains_key("retry-after"));
}
