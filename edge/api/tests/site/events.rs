//! Following a run as it happens.

use axum::body::Body;
use axum::http::StatusCode;
use http_body_util::BodyExt;
use selvedge_api::{Streams, sse};
use serde_json::{Value, json};

use crate::world::{Visitor, World, elapsed};

fn event(seq: u64, kind: &str, data: Value) -> Value {
    json!({"seq": seq, "kind": kind, "at": 1_795_169_820_100_u64, "data": data})
}

async fn follow(world: &World, visitor: &Visitor, run: &str, last_seen: Option<u64>) -> (StatusCode, Body) {
    let ask = world.ask("GET", &format!("/api/v1/runs/{run}/events")).bearer(&visitor.token);
    let ask = if let Some(seen) = last_seen {
        ask.header("last-event-id", &seen.to_string())
    } else {
        ask
    };
    let response = ask.response().await;
    (response.status(), response.into_body())
}

/// The next piece of the stream; none at its end.
async fn piece(body: &mut Body) -> Option<String> {
    let frame = body.frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

async fn rest(mut body: Body) -> String {
    let mut all = String::new();
    while let Some(piece) = piece(&mut body).await {
        all.push_str(&piece);
    }
    all
}

fn ids(stream: &str) -> Vec<&str> {
    stream.lines().filter_map(|line| line.strip_prefix("id: ")).collect()
}

async fn finished(world: &World, visitor: &Visitor) -> String {
    let (run, token) = world.run(visitor).await;
    let report = json!({
        "events": [event(1, "started", json!({})), event(2, "stdout", json!({"text": "a\n\nb"}))],
        "outcome": {"status": "succeeded", "fuel": 40_000_000, "duration_ms": 3, "error": null, "truncated": false},
    });
    assert_eq!(world.report(&run, &token, &report).await.status, StatusCode::OK);
    run
}

#[tokio::test]
async fn a_finished_run_is_replayed_and_the_stream_ends() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let run = finished(&world, &visitor).await;
    let (_, body) = follow(&world, &visitor, &run, None).await;
    let stream = rest(body).await;
    assert!(stream.starts_with("retry: 1000\n\nid: 1\nevent: started\n"), "{stream}");
    assert_eq!(ids(&stream), ["1", "2", "3"]);
    let last = stream.lines().rev().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!(
        (&last["kind"], &last["subject"]),
        (&json!("ended"), &json!(format!("/api/v1/runs/{run}")))
    );
    assert_eq!(
        last["data"],
        json!({"status": "succeeded", "fuel": 40_000_000, "duration_ms": 3, "cost": 1, "truncated": false})
    );
}

#[tokio::test]
async fn a_client_that_comes_back_misses_nothing_and_sees_nothing_twice() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let run = finished(&world, &visitor).await;
    let (_, body) = follow(&world, &visitor, &run, Some(1)).await;
    assert_eq!(ids(&rest(body).await), ["2", "3"]);
    let by_query = world
        .ask("GET", &format!("/api/v1/runs/{run}/events?after=2"))
        .bearer(&visitor.token)
        .answer()
        .await;
    assert_eq!(ids(&by_query.text()), ["3"]);
    assert_eq!(
        (by_query.header("content-type"), by_query.header("cache-control")),
        ("text/event-stream", "no-store")
    );
    let (status, body) = follow(&world, &visitor, &run, Some(3)).await;
    assert_eq!(
        (status, rest(body).await),
        (StatusCode::NO_CONTENT, String::new()),
        "nothing more will come: a browser stops asking"
    );
    let wrong = world
        .ask("GET", &format!("/api/v1/runs/{run}/events"))
        .bearer(&visitor.token)
        .header("last-event-id", "x")
        .answer()
        .await;
    wrong.refused(400, "request.last_event_id", Some("Last-Event-ID"));
}

#[tokio::test]
async fn events_arrive_while_the_run_goes_on() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    world
        .report(&run, &token, &json!({"events": [event(1, "started", json!({}))], "outcome": null}))
        .await;
    let (_, mut body) = follow(&world, &visitor, &run, None).await;
    assert_eq!(piece(&mut body).await.unwrap(), sse::RETRY);
    assert_eq!(ids(&piece(&mut body).await.unwrap()), ["1"]);
    for seq in 2..5 {
        world
            .report(
                &run,
                &token,
                &json!({"events": [event(seq, "stdout", json!({"text": "x"}))], "outcome": null}),
            )
            .await;
        assert_eq!(ids(&piece(&mut body).await.unwrap()), [seq.to_string()]);
    }
}

#[tokio::test]
async fn a_stream_of_a_silent_node_is_kept_alive_and_then_told_that_the_run_is_lost() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, _) = world.run(&visitor).await;
    let (_, body) = follow(&world, &visitor, &run, None).await;
    let stream = rest(body).await;
    assert_eq!(ids(&stream), ["1"]);
    assert!(stream.contains("\"status\":\"lost\""), "{stream}");
    let lease = selvedge_protocol::limits::LEASE_MS / 1_000;
    assert!((lease..lease + 5).contains(&elapsed(&world)), "{} s", elapsed(&world));
    assert_eq!(world.held(&visitor).await, 0);
}

#[tokio::test]
async fn a_long_silence_is_filled_with_comments() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let (_, mut body) = follow(&world, &visitor, &run, None).await;
    piece(&mut body).await;
    // The follower's own waiting moves the clock, up to the end of the lease that each report renews.
    for _ in 0..3 {
        assert_eq!(piece(&mut body).await.unwrap(), sse::KEEP_ALIVE);
        world.report(&run, &token, &json!({"events": [], "outcome": null})).await;
    }
}

#[tokio::test]
async fn a_store_that_goes_away_ends_the_stream_where_it_can_be_resumed() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    world
        .report(&run, &token, &json!({"events": [event(1, "started", json!({}))], "outcome": null}))
        .await;
    let (_, mut body) = follow(&world, &visitor, &run, None).await;
    piece(&mut body).await;
    assert_eq!(ids(&piece(&mut body).await.unwrap()), ["1"]);
    world.store.is_broken(true);
    assert_eq!(piece(&mut body).await, None);
    world.store.is_broken(false);
    world
        .report(
            &run,
            &token,
            &json!({"events": [event(2, "stdout", json!({"text": "x"}))], "outcome": null}),
        )
        .await;
    let (_, mut body) = follow(&world, &visitor, &run, Some(1)).await;
    piece(&mut body).await;
    assert_eq!(ids(&piece(&mut body).await.unwrap()), ["2"]);
}

#[tokio::test]
async fn the_native_host_is_told_which_stream_to_serve() {
    let world = World::with(|config| config.streams = Streams::Offload).await;
    let visitor = world.visitor().await;
    let run = finished(&world, &visitor).await;
    let told = world
        .ask("GET", &format!("/api/v1/runs/{run}/events"))
        .bearer(&visitor.token)
        .header("last-event-id", "2")
        .answer()
        .await;
    assert_eq!(
        (told.status, told.header(sse::OFFLOAD_HEADER), told.body.len()),
        (StatusCode::OK, format!("{run} 2").as_str(), 0)
    );
    let stranger = world.visitor().await;
    let foreign = world
        .ask("GET", &format!("/api/v1/runs/{run}/events"))
        .bearer(&stranger.token)
        .answer()
        .await;
    foreign.refused(404, "run.not_found", None);
    assert_eq!(foreign.header(sse::OFFLOAD_HEADER), "");
}
