//! Headers that every answer carries.

use crate::world::World;

const EVERYWHERE: [&str; 7] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-frame-options",
    "permissions-policy",
    "cross-origin-opener-policy",
    "x-request-id",
];

#[tokio::test]
async fn every_answer_is_protected_whatever_it_is() {
    let world = World::new().await;
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("GET", "/version"),
        ("GET", "/api/v1/me"),
        ("PATCH", "/api/v1/runs"),
        ("POST", "/try"),
    ] {
        let answer = world.ask(method, path).answer().await;
        for name in EVERYWHERE {
            assert!(!answer.header(name).is_empty(), "{method} {path} lacks {name}");
        }
        assert_eq!(answer.header("strict-transport-security"), "", "there is no TLS here");
    }
}

#[tokio::test]
async fn what_the_api_says_is_kept_by_no_cache() {
    let world = World::new().await;
    for (method, path) in [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/openapi.json"),
        ("POST", "/api/v1/scratch"),
        ("POST", "/try"),
        ("POST", "/sign-out"),
    ] {
        assert_eq!(world.ask(method, path).answer().await.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn tls_is_insisted_on_where_there_is_tls() {
    let world = World::with(|config| config.public_url = "https://selvedge.test".to_owned()).await;
    let answer = world.ask("GET", "/version").answer().await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_page_keeps_its_own_content_policy() {
    let world = World::new().await;
    let pages = axum::Router::new().route(
        "/own",
        axum::routing::get(async || ([("content-security-policy", "script-src 'nonce-1'")], "page")),
    );
    let site = selvedge_api::secure(pages, world.platform.clone());
    let request = axum::http::Request::get("/own").body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(site, request).await.unwrap();
    assert_eq!(answer.headers()["content-security-policy"], "script-src 'nonce-1'");
    assert_eq!(answer.headers()["x-frame-options"], "DENY");
}

#[tokio::test]
async fn each_request_has_an_id_of_its_own() {
    let world = World::new().await;
    let first = world
        .ask("GET", "/version")
        .header("x-request-id", "chosen-by-the-client")
        .answer()
        .await;
    let second = world.ask("GET", "/version").answer().await;
    assert!(first.header("x-request-id").starts_with("req_"));
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}
