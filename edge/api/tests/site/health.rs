//! What operators ask.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn ready_says_which_part_is_missing() {
    let world = World::new().await;
    world.node.answers(200);
    let good = world.ask("GET", "/health/ready").answer().await;
    assert_eq!(
        (good.status.as_u16(), good.json()),
        (200, json!({"status": "ok", "database": "ok", "node": "ok"}))
    );

    world.node.answers(0);
    let without_node = world.ask("GET", "/health/ready").answer().await;
    assert_eq!(
        (without_node.status.as_u16(), without_node.json()),
        (503, json!({"status": "unavailable", "database": "ok", "node": "unreachable"}))
    );

    world.node.answers(500);
    world.store.is_broken(true);
    let neither = world.ask("GET", "/health/ready").answer().await;
    assert_eq!(
        (neither.status.as_u16(), neither.json()),
        (503, json!({"status": "unavailable", "database": "unreachable", "node": "failing"}))
    );
    assert_eq!(
        world.ask("GET", "/health/live").answer().await.json(),
        json!({"status": "ok"}),
        "alive all the same"
    );
}

#[tokio::test]
async fn without_a_node_the_edge_is_not_ready_and_runs_are_refused() {
    let world = World::with(|config| config.node_url = None).await;
    assert_eq!(world.ask("GET", "/health/ready").answer().await.json()["node"], "none");
    let visitor = world.visitor().await;
    let run = world.create_run(&visitor, &json!({"language": "python", "code": "1"})).await;
    run.refused(503, "run.no_node", None);
}

#[tokio::test]
async fn the_version_names_the_host() {
    let world = World::new().await;
    let version = world.ask("GET", "/version").answer().await.json();
    assert_eq!(
        version,
        json!({"name": "selvedge", "version": env!("CARGO_PKG_VERSION"), "host": "native"})
    );
}

#[tokio::test]
async fn nodes_find_the_public_keys_and_no_private_one() {
    let world = World::new().await;
    let keys = world.ask("GET", "/.well-known/jwks.json").answer().await;
    assert_eq!(keys.header("content-type"), "application/json");
    let keys = keys.json();
    let key = &keys["keys"][0];
    assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
    assert!(key["x"].is_string() && key.get("d").is_none(), "{keys}");
}

#[tokio::test]
async fn the_error_in_an_envelope_leads_to_its_explanation() {
    let world = World::new().await;
    let refused = world.ask("GET", "/api/v1/me").answer().await.json();
    let docs = refused["error"]["docs"]
        .as_str()
        .unwrap()
        .strip_prefix("http://selvedge.test")
        .unwrap()
        .to_owned();
    let explained = world.ask("GET", &docs).answer().await;
    assert_eq!(explained.header("content-type"), "text/plain; charset=utf-8");
    assert!(
        explained.text().starts_with("## auth.required\n401.") && !explained.text().contains("## csrf"),
        "{}",
        explained.text()
    );
    assert_eq!(world.ask("GET", "/docs/errors/nothing.here").answer().await.status.as_u16(), 404);
}
