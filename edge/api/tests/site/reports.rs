//! What nodes report is stored, settled and shown.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::price;

fn outcome(status: &str, fuel: u64) -> Value {
    json!({"status": status, "fuel": fuel, "duration_ms": 12, "error": null, "truncated": false})
}

fn event(seq: u64, kind: &str, data: Value) -> Value {
    json!({"seq": seq, "kind": kind, "at": 1_795_169_820_100_u64, "data": data})
}

#[tokio::test]
async fn a_run_is_shown_as_its_events_tell_it() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let first = json!({"events": [
        event(1, "started", json!({})),
        event(2, "stdout", json!({"text": "a"})),
        event(3, "stdout", json!({"text": "b\n"})),
        event(4, "stderr", json!({"text": "careful\n"})),
    ], "outcome": null});
    assert_eq!(world.report(&run, &token, &first).await.json(), json!({"cancel_requested": false}));
    let shown = world.run_shown(&visitor, &run).await;
    assert_eq!(
        (&shown["status"], &shown["stdout"], &shown["last_seq"]),
        (&json!("running"), &json!("ab\n"), &json!(4))
    );

    let rest = json!({"events": [
        event(5, "display", json!({"data": {"text/html": "<b>x</b>"}, "metadata": {}})),
        event(6, "stdout", json!({"text": "c\n"})),
        event(7, "value", json!({"data": {"text/plain": "42"}, "metadata": {}})),
    ], "outcome": outcome("succeeded", 80_000_000)});
    assert_eq!(world.report(&run, &token, &rest).await.status, StatusCode::OK);
    let shown = world.run_shown(&visitor, &run).await;
    assert_eq!(
        (
            &shown["status"],
            &shown["stdout"],
            &shown["stderr"],
            &shown["result"],
            &shown["error"]
        ),
        (
            &json!("succeeded"),
            &json!("ab\nc\n"),
            &json!("careful\n"),
            &json!("42"),
            &Value::Null
        )
    );
    assert_eq!(
        shown["outputs"],
        json!([
            {"kind": "stdout", "text": "ab\n"},
            {"kind": "stderr", "text": "careful\n"},
            {"kind": "display", "data": {"text/html": "<b>x</b>"}},
            {"kind": "stdout", "text": "c\n"},
            {"kind": "value", "data": {"text/plain": "42"}},
        ])
    );
    assert_eq!(
        (&shown["fuel"], &shown["duration_ms"], &shown["cost"], &shown["last_seq"]),
        (&json!(80_000_000), &json!(12), &json!(price(80_000_000)), &json!(8))
    );
    assert_eq!(
        world.account(&visitor).await,
        json!({"balance": 1_000_000 - price(80_000_000), "held": 0})
    );
}

#[tokio::test]
async fn a_failure_says_what_python_said() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let error = json!({"type": "ZeroDivisionError", "message": "division by zero", "traceback": "main.py, line 1"});
    let mut ending = outcome("failed", 10);
    ending["error"] = error.clone();
    ending["truncated"] = json!(true);
    world
        .report(
            &run,
            &token,
            &json!({"events": [event(1, "started", json!({})), event(2, "error", error.clone())], "outcome": ending}),
        )
        .await;
    let shown = world.run_shown(&visitor, &run).await;
    assert_eq!(
        (&shown["status"], &shown["error"], &shown["truncated"]),
        (&json!("failed"), &error, &json!(true))
    );
    let mut output = error;
    output["kind"] = json!("error");
    assert_eq!(shown["outputs"], json!([output]));
}

#[tokio::test]
async fn every_report_can_be_repeated_without_effect() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let early = json!({"events": [event(1, "started", json!({})), event(2, "stdout", json!({"text": "once"}))], "outcome": null});
    for _ in 0..3 {
        assert_eq!(world.report(&run, &token, &early).await.status, StatusCode::OK);
    }
    let last = json!({"events": [event(2, "stdout", json!({"text": "once"})), event(3, "stdout", json!({"text": "!"}))], "outcome": outcome("succeeded", 1_000_000_000)});
    for _ in 0..3 {
        assert_eq!(world.report(&run, &token, &last).await.status, StatusCode::OK);
    }
    let shown = world.run_shown(&visitor, &run).await;
    assert_eq!(
        (&shown["stdout"], &shown["last_seq"], &shown["cost"]),
        (&json!("once!"), &json!(4), &json!(price(1_000_000_000)))
    );
    assert_eq!(
        world.account(&visitor).await,
        json!({"balance": 1_000_000 - price(1_000_000_000), "held": 0})
    );
    let contradiction = world
        .report(&run, &token, &json!({"events": [], "outcome": outcome("failed", 1)}))
        .await;
    contradiction.refused(409, "run.ended", None);
}

#[tokio::test]
async fn a_gap_is_refused_and_nothing_of_it_stored() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let gap = world
        .report(
            &run,
            &token,
            &json!({"events": [event(2, "stdout", json!({"text": "late"}))], "outcome": null}),
        )
        .await;
    assert_eq!(gap.status, StatusCode::CONFLICT, "{}", gap.text());
    assert_eq!(world.run_shown(&visitor, &run).await["stdout"], "");
}

#[tokio::test]
async fn a_lost_run_is_not_billed() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    world
        .report(
            &run,
            &token,
            &json!({"events": [event(1, "started", json!({}))], "outcome": outcome("lost", 3_000_000_000)}),
        )
        .await;
    let shown = world.run_shown(&visitor, &run).await;
    assert_eq!((&shown["status"], &shown["cost"]), (&json!("lost"), &json!(0)));
    assert_eq!(world.account(&visitor).await, json!({"balance": 1_000_000, "held": 0}));
}

#[tokio::test]
async fn a_final_report_with_a_lease_about_to_pass_still_counts() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    world.clock.advance(selvedge_protocol::limits::LEASE_MS + 1);
    let done = world
        .report(
            &run,
            &token,
            &json!({"events": [event(1, "started", json!({}))], "outcome": outcome("succeeded", 40_000_000)}),
        )
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(selvedge_api::operations::expire(&world.platform, 10).await.unwrap(), 0);
    assert_eq!(world.run_shown(&visitor, &run).await["cost"], 1);
}

#[tokio::test]
async fn a_store_that_is_away_makes_the_node_try_again() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let last = json!({"events": [event(1, "started", json!({}))], "outcome": outcome("succeeded", 40_000_000)});
    world.store.is_broken(true);
    assert_eq!(world.report(&run, &token, &last).await.status, StatusCode::SERVICE_UNAVAILABLE);
    world.store.is_broken(false);
    assert_eq!(world.report(&run, &token, &last).await.status, StatusCode::OK);
    assert_eq!(world.run_shown(&visitor, &run).await["status"], "succeeded");
}
