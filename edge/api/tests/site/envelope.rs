//! Everything under `/api` that goes wrong says so in one shape.

use axum::body::Body;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn unknown_routes_and_methods_have_envelopes_too() {
    let world = World::new().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/nothing",
        "/api/v2/runs",
        "/api/v1/runs/run_1/events/more",
    ] {
        world.ask("GET", path).answer().await.refused(404, "route.unknown", None);
    }
    let wrong = world.ask("PATCH", "/api/v1/projects").answer().await;
    wrong.refused(405, "route.method", None);
    assert_eq!(wrong.header("allow"), "POST,GET,HEAD");
}

#[tokio::test]
async fn a_path_that_cannot_be_read_is_the_callers_fault() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    world
        .ask("GET", "/api/v1/runs/%ff")
        .bearer(&visitor.token)
        .answer()
        .await
        .refused(400, "request.malformed", None);
}

#[tokio::test]
async fn bodies_are_refused_by_what_is_wrong_with_them() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let cases = [
        (&b"{"[..], "request.json", None),
        (b"", "request.json", None),
        (br#"{"language":"python","code":"1"} trailing"#, "request.json", None),
        (
            br#"{"language":"python","code":"1","colour":1}"#,
            "request.unknown_field",
            Some("colour"),
        ),
        (br#"{"language":"python"}"#, "request.missing_field", Some("code")),
        (br#"{"language":"python","code":1}"#, "request.field", Some("code")),
        (
            br#"{"language":"python","code":"1","limits":{"wall":1}}"#,
            "request.unknown_field",
            Some("limits.wall"),
        ),
        (b"{\"language\":\"python\",\"code\":\"\xff\"}", "request.utf8", Some("code")),
        (b"[[[[[[[[", "request.field", Some("body")),
    ];
    for (body, code, field) in cases {
        world
            .ask("POST", "/api/v1/runs")
            .bearer(&visitor.token)
            .raw("application/json", body)
            .answer()
            .await
            .refused(400, code, field);
    }
    let text = world
        .ask("POST", "/api/v1/runs")
        .bearer(&visitor.token)
        .raw("text/plain", "{}")
        .answer()
        .await;
    text.refused(415, "request.content_type", None);
    assert!(world.node.asked().is_empty());
}

#[tokio::test]
async fn a_body_over_two_mebibytes_is_not_read() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let big = json!({"language": "python", "code": "x".repeat(2 << 20)}).to_string();
    let announced = world
        .ask("POST", "/api/v1/runs")
        .bearer(&visitor.token)
        .header("content-length", &big.len().to_string());
    announced
        .raw("application/json", big.clone())
        .answer()
        .await
        .refused(413, "request.too_large", None);
    let pieces = futures::stream::iter(
        big.into_bytes()
            .chunks(65_536)
            .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
            .collect::<Vec<_>>(),
    );
    let streamed = world
        .ask("POST", "/api/v1/runs")
        .bearer(&visitor.token)
        .raw("application/json", Body::from_stream(pieces));
    streamed.answer().await.refused(413, "request.too_large", None);
}

#[tokio::test]
async fn source_over_its_limit_names_the_field() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let run = |code: String| json!({"language": "python", "code": code});
    let fits = world.create_run(&visitor, &run("#".repeat(1_000_000))).await;
    assert_eq!(fits.status.as_u16(), 202, "{}", fits.text());
    let over = world.create_run(&visitor, &run("#".repeat(1_000_001))).await;
    assert_eq!(
        (over.status.as_u16(), &over.json()["error"]["field"]),
        (400, &Value::from("code")),
        "{}",
        over.text()
    );
}

#[tokio::test]
async fn queries_and_special_headers_are_checked() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let runs = format!("/api/v1/projects/{}/runs", visitor.project);
    for (query, field) in [
        ("?limit=0", "limit"),
        ("?limit=101", "limit"),
        ("?limit=many", "limit"),
        ("?colour=red", "colour"),
    ] {
        world
            .ask("GET", &format!("{runs}{query}"))
            .bearer(&visitor.token)
            .answer()
            .await
            .refused(400, "request.query", Some(field));
    }
    let body = json!({"language": "python", "code": "1"});
    for key in ["", "with space", &"k".repeat(256), "ümlaut"] {
        let answer = world
            .ask("POST", "/api/v1/runs")
            .bearer(&visitor.token)
            .header("idempotency-key", key)
            .json(&body)
            .answer()
            .await;
        answer.refused(400, "request.idempotency_key", Some("Idempotency-Key"));
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_503_and_says_when_to_come_back() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    world.store.is_broken(true);
    for (method, path) in [
        ("POST", "/api/v1/scratch".to_owned()),
        ("GET", format!("/api/v1/notebooks/{}", visitor.notebook)),
    ] {
        let away = world.ask(method, &path).bearer(&visitor.token).answer().await;
        away.refused(503, "store.unavailable", None);
        assert_eq!(away.header("retry-after"), "1");
    }
    assert!(
        !world.log.all().iter().any(|line| line.contains(&visitor.token)),
        "no token in the log"
    );
    world.store.is_broken(false);
    assert_eq!(
        world.ask("GET", "/api/v1/me").bearer(&visitor.token).answer().await.status.as_u16(),
        200
    );
}

#[tokio::test]
async fn a_form_gets_a_sentence_instead_of_json() {
    let world = World::new().await;
    world.store.is_broken(true);
    let failed = world.ask("POST", "/try").header("accept", "text/html").answer().await;
    assert_eq!(
        (failed.status.as_u16(), failed.header("content-type")),
        (503, "text/plain; charset=utf-8")
    );
    assert_eq!(failed.text(), "The database cannot be reached. Try again.\n");
}
