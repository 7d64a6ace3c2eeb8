//! Lines for runs that ask for them.

use axum::http::StatusCode;
use selvedge_protocol::limits::{LINES_WAIT_MS_MAX, WALL_MS_DEFAULT};
use serde_json::{Value, json};

use crate::world::{Answer, Visitor, World};

async fn line(world: &World, visitor: &Visitor, run: &str, text: &str) -> Answer {
    let ask = world.ask("POST", &format!("/api/v1/runs/{run}/input")).bearer(&visitor.token);
    ask.json(&json!({"text": text})).answer().await
}

async fn interactive(world: &World, visitor: &Visitor, how: &Value) -> bool {
    let run = format!("/api/v1/notebooks/{}/cells/{}/run", visitor.notebook, visitor.cell);
    let ask = world.ask("POST", &run).bearer(&visitor.token);
    let made = match how {
        Value::Null => ask.answer().await,
        how => ask.json(how).answer().await,
    };
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
    world.node.last_order()["interactive"].as_bool().unwrap()
}

#[tokio::test]
async fn a_run_takes_lines_when_it_was_started_with_somebody_to_answer() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    assert!(!interactive(&world, &visitor, &Value::Null).await);
    assert!(!interactive(&world, &visitor, &json!({})).await);
    assert!(interactive(&world, &visitor, &json!({"interactive": true})).await);
    let path = format!("/api/v1/notebooks/{}/cells/{}/run", visitor.notebook, visitor.cell);
    let ask = || world.ask("POST", &path).bearer(&visitor.token);
    ask()
        .json(&json!({"interactiv": true}))
        .answer()
        .await
        .refused(400, "request.unknown_field", Some("interactiv"));
    ask()
        .raw("text/plain", "{}")
        .answer()
        .await
        .refused(415, "request.content_type", None);

    let made = world
        .create_run(&visitor, &json!({"language": "python", "code": "input()", "interactive": true}))
        .await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
    assert_eq!(world.node.last_order()["interactive"], true);
    let run = made.json()["id"].as_str().unwrap().to_owned();
    let sent = line(&world, &visitor, &run, "a line").await;
    assert_eq!((sent.status, &sent.json()["id"]), (StatusCode::ACCEPTED, &json!(run)));
    let asked = world.node.asked();
    let told = asked.last().unwrap();
    assert_eq!(told.url, format!("http://node.test/v1/runs/{run}/input"));
    assert_eq!(serde_json::from_slice::<Value>(&told.body).unwrap(), json!({"text": "a line"}));
}

#[tokio::test]
async fn a_run_that_waits_for_its_person_can_still_be_reported_on() {
    for (interactive, status) in [(true, StatusCode::OK), (false, StatusCode::UNAUTHORIZED)] {
        let world = World::new().await;
        let visitor = world.visitor().await;
        let made = json!({"language": "python", "code": "input()", "interactive": interactive});
        let made = world.create_run(&visitor, &made).await;
        assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
        let order = world.node.last_order();
        let (run, token) = (order["run"].as_str().unwrap(), order["report_token"].as_str().unwrap());
        // All that it may run and wait, and half of what a token lives beyond that.
        world.clock.advance(WALL_MS_DEFAULT + LINES_WAIT_MS_MAX + 8 * 60_000);
        let outcome = json!({"status": "succeeded", "fuel": 1, "duration_ms": 1, "error": null, "truncated": false});
        let told = world.report(run, token, &json!({"events": [], "outcome": outcome})).await;
        assert_eq!(told.status, status, "{}", told.text());
    }
}

#[tokio::test]
async fn a_line_is_bounded_at_the_bound_and_not_one_past_it() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, _) = world.run(&visitor).await;
    let most = "é".repeat(500_000);
    assert_eq!(line(&world, &visitor, &run, &most).await.status, StatusCode::ACCEPTED);
    let over = line(&world, &visitor, &run, &format!("{most}x")).await;
    over.refused(400, "run.input_too_large", Some("text"));
}

#[tokio::test]
async fn a_line_that_nobody_reads_is_refused_with_the_reason() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    for (status, code, to, told) in [
        (409, "input.nobody_asks", 409, "run.not_interactive"),
        (429, "input.full", 429, "run.input_full"),
        (404, "run.unknown", 409, "run.ended"),
        (503, "node.closing", 503, "kernel.node_away"),
    ] {
        world.node.says("/input", status, json!({"error": {"code": code, "message": "m"}}));
        line(&world, &visitor, &run, "x").await.refused(to, told, None);
    }
    let outcome = json!({"status": "succeeded", "fuel": 1, "duration_ms": 1, "error": null, "truncated": false});
    world.report(&run, &token, &json!({"events": [], "outcome": outcome})).await;
    let before = world.node.asked().len();
    line(&world, &visitor, &run, "x").await.refused(409, "run.ended", None);
    assert_eq!(world.node.asked().len(), before, "nobody is asked about a run that has ended");
}
