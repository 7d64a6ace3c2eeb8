//! API keys.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_secret_is_shown_once_and_stops_when_revoked() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (id, secret) = world.key(&visitor, "editor").await;
    assert!(secret.starts_with("slv_"));
    let me = || world.ask("GET", "/api/v1/me").bearer(&secret).answer();
    assert_eq!(me().await.status, StatusCode::OK);

    let list = || {
        world
            .ask("GET", &format!("/api/v1/projects/{}/keys", visitor.project))
            .bearer(&visitor.token)
            .answer()
    };
    let listed = list().await;
    assert!(!listed.text().contains(&secret));
    assert_eq!(
        (listed.json()["items"][0]["id"].as_str(), listed.json()["items"][0]["role"].as_str()),
        (Some(id.as_str()), Some("editor"))
    );

    let revoked = world
        .ask("DELETE", &format!("/api/v1/keys/{id}"))
        .bearer(&visitor.token)
        .answer()
        .await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(me().await.status, StatusCode::UNAUTHORIZED);
    assert!(list().await.json()["items"][0]["revoked_at"].is_string());
}

#[tokio::test]
async fn a_key_ends_when_it_says() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let path = format!("/api/v1/projects/{}/keys", visitor.project);
    let create = |body: serde_json::Value| world.ask("POST", &path).bearer(&visitor.token).json(&body).answer();
    let made = create(json!({"name": "short", "expires_at": "2026-11-20T11:00:00Z"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.json()["key"]["expires_at"], "2026-11-20T11:00:00.000Z");
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    create(json!({"name": "wrong", "expires_at": "tomorrow"}))
        .await
        .refused(400, "key.expiry", Some("expires_at"));
    create(json!({"name": "wrong", "role": "king"}))
        .await
        .refused(400, "key.role_unknown", Some("role"));
    let nameless = create(json!({"name": ""})).await;
    assert_eq!(
        (nameless.status.as_u16(), nameless.json()["error"]["field"].as_str()),
        (400, Some("name"))
    );
    world.clock.advance(60 * 60 * 1_000);
    assert_eq!(
        world.ask("GET", "/api/v1/me").bearer(&secret).answer().await.status,
        StatusCode::UNAUTHORIZED
    );
}
