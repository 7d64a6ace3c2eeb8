//! Another site's page cannot change anything with a visitor's cookies.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_foreign_page_is_refused_before_anything_happens() {
    let world = World::new().await;
    let cookie = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    let forged = [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
        [("sec-fetch-site", "same-site"), ("origin", "http://other.selvedge.test")],
        [("origin", "https://evil.test"), ("host", "selvedge.test")],
        [("origin", "null"), ("host", "selvedge.test")],
        [("host", "selvedge.test"), ("x-nothing", "")],
    ];
    for headers in forged {
        for path in ["/api/v1/projects", "/try", "/sign-out", "/sign-in/link", "/pages/server-function"] {
            let mut ask = world.ask("POST", path).header("cookie", &cookie);
            for (name, value) in headers {
                ask = ask.header(name, value);
            }
            ask.json(&json!({"name": "forged"})).answer().await.refused(403, "csrf", None);
        }
    }
    let listed = world.ask("GET", "/api/v1/projects").header("cookie", &cookie).answer().await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}

#[tokio::test]
async fn our_own_page_passes_by_either_header() {
    let world = World::new().await;
    let cookie = world.ask("POST", "/api/v1/scratch").answer().await.as_cookie();
    for headers in [
        [("sec-fetch-site", "same-origin"), ("host", "selvedge.test")],
        [("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
    ] {
        let mut ask = world.ask("POST", "/api/v1/projects").header("cookie", &cookie);
        for (name, value) in headers {
            ask = ask.header(name, value);
        }
        let made = ask.json(&json!({"name": "mine"})).answer().await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    }
}
