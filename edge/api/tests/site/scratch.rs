//! A stranger tries it.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_stranger_gets_a_project_with_three_ready_cells() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let me = world.shown(&visitor, "/api/v1/me").await;
    assert_eq!(me["anonymous"], true);
    let notebook = world.notebook_shown(&visitor).await;
    assert_eq!(
        (notebook["name"].as_str(), notebook["role"].as_str()),
        (Some("Scratch notebook"), Some("owner"))
    );
    let code: Vec<_> = notebook["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| cell["code"].as_str().unwrap())
        .collect();
    assert_eq!(code.len(), 3);
    assert!(code[0].contains("selvedge.table(") && code[1].contains("selvedge.chart.") && code[2].contains("time.sleep("));
    assert_eq!(world.account(&visitor).await, json!({"balance": 1_000_000, "held": 0}));
}

#[tokio::test]
async fn each_stranger_is_another_one() {
    let world = World::new().await;
    let (first, second) = (world.visitor().await, world.visitor().await);
    let other = world
        .ask("GET", &format!("/api/v1/projects/{}", first.project))
        .bearer(&second.token)
        .answer()
        .await;
    other.refused(404, "project.not_found", None);
}

#[tokio::test]
async fn the_form_works_without_javascript_and_keeps_who_one_is() {
    let world = World::new().await;
    let form = |cookie: &str| {
        let ask = world
            .ask("POST", "/try")
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html");
        if cookie.is_empty() { ask } else { ask.header("cookie", cookie) }
    };
    let first = form("").answer().await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let notebook = first.header("location").to_owned();
    assert!(notebook.starts_with("/notebooks/ntb_"), "{notebook}");
    let again = form(&first.as_cookie()).answer().await;
    assert_eq!(
        again.header("location"),
        notebook,
        "the same visitor comes back to the same notebook"
    );
    assert!(again.cookies().is_empty());
}
