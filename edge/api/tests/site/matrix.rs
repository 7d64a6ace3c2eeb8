//! Each endpoint's row of the authorization table is what happens.

use axum::http::StatusCode;
use selvedge_api::endpoints::{ENDPOINTS, Endpoint};
use selvedge_api::policy::{Operation, Who};
use selvedge_ports::shapes::Action;
use serde_json::{Value, json};

use crate::world::{Answer, Visitor, World};

/// Everything that a path can name, belonging to one visitor.
struct Things {
    owner: Visitor,
    run: String,
    report_token: String,
    key: String,
}

async fn things(world: &World) -> Things {
    let owner = world.visitor().await;
    let (run, report_token) = world.run(&owner).await;
    let (key, _) = world.key(&owner, "viewer").await;
    Things {
        owner,
        run,
        report_token,
        key,
    }
}

fn path(endpoint: &Endpoint, things: &Things) -> String {
    endpoint
        .path
        .replace("{project}", &things.owner.project)
        .replace("{notebook}", &things.owner.notebook)
        .replace("{cell}", &things.owner.cell)
        .replace("{run}", &things.run)
        .replace("{key}", &things.key)
        .replace("{number}", "1")
        .replace("{name}", "before")
        .replace("/diff", "/diff?a=1&b=2")
        .replace("{code}", "cell.stale")
}

fn body(operation: Operation, things: &Things) -> Option<Value> {
    match operation {
        Operation::CreateProject => Some(json!({"name": "p"})),
        Operation::CreateNotebook => Some(json!({"name": "n", "cells": []})),
        Operation::AddCell | Operation::PutCell => Some(json!({"code": "1"})),
        Operation::CreateRun => Some(json!({"language": "python", "code": "1", "project": things.owner.project})),
        Operation::CreateKey => Some(json!({"name": "k", "role": "viewer"})),
        Operation::AnswerRun => Some(json!({"text": "line"})),
        Operation::SetSettings => Some(json!({"private": false})),
        Operation::ImportKernel => Some(json!({"any": "file"})),
        Operation::RewindKernel => Some(json!({"number": 0})),
        Operation::CompleteCode | Operation::InspectCode => Some(json!({"code": "im", "cursor": 2})),
        Operation::CheckCode => Some(json!({"code": "1"})),
        Operation::ReadPage => Some(json!({"table": "t"})),
        Operation::Report => Some(json!({"events": [], "outcome": null})),
        _ => None,
    }
}

async fn ask(world: &World, endpoint: &Endpoint, things: &Things, token: Option<&str>) -> Answer {
    let mut ask = world.ask(endpoint.method, &path(endpoint, things));
    if let Some(token) = token {
        ask = ask.bearer(token);
    }
    if let Some(body) = body(endpoint.operation, things) {
        ask = ask.json(&body);
    }
    // The body of a stream is not read: it would wait for the run.
    let (parts, body) = ask.response().await.into_parts();
    let body = if parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") {
        axum::body::Body::empty()
    } else {
        body
    };
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

fn rows(wanted: impl Fn(Who) -> bool) -> Vec<&'static Endpoint> {
    let rows: Vec<_> = ENDPOINTS.iter().filter(|endpoint| wanted(endpoint.operation.who())).collect();
    assert!(!rows.is_empty());
    rows
}

#[tokio::test]
async fn public_endpoints_ask_nobody_who_they_are() {
    let world = World::new().await;
    let things = things(&world).await;
    for endpoint in rows(|who| who == Who::Anyone) {
        let answer = ask(&world, endpoint, &things, None).await;
        // Redeeming a link needs its code: the refusal is about that.
        let wanted = if endpoint.operation == Operation::RedeemLink {
            400..401
        } else {
            200..400
        };
        assert!(
            wanted.contains(&answer.status.as_u16()),
            "{endpoint:?}: {} {}",
            answer.status,
            answer.text()
        );
    }
}

#[tokio::test]
async fn everything_else_is_closed_without_a_good_credential() {
    let world = World::new().await;
    let things = things(&world).await;
    for endpoint in rows(|who| who != Who::Anyone) {
        ask(&world, endpoint, &things, None).await.refused(401, "auth.required", None);
        for bad in [
            "nonsense",
            "slv_0123456789abcdef0123456789abcdef",
            "a.b.c",
            "eyJhbGciOiJub25lIn0.e30.",
        ] {
            let answer = ask(&world, endpoint, &things, Some(bad)).await;
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{endpoint:?} with {bad}: {}",
                answer.text()
            );
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

#[tokio::test]
async fn an_access_token_works_for_ten_minutes_and_not_longer() {
    let world = World::new().await;
    let things = things(&world).await;
    world.clock.advance(10 * 60 * 1_000 + 1_000);
    for endpoint in rows(|who| matches!(who, Who::SignedIn | Who::May(_))) {
        let answer = ask(&world, endpoint, &things, Some(&things.owner.token)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{endpoint:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_foreign_thing_looks_exactly_like_a_missing_one() {
    let world = World::new().await;
    let things = things(&world).await;
    let stranger = world.visitor().await;
    let zeros = |prefix: &str| format!("{prefix}_{:032}", 0);
    for endpoint in rows(|who| matches!(who, Who::May(_))) {
        let foreign = ask(&world, endpoint, &things, Some(&stranger.token)).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{endpoint:?}: {}", foreign.text());
        for missing in [zeros as fn(&str) -> String, |prefix| format!("{prefix}_nothing")] {
            let nothing = Things {
                owner: Visitor {
                    project: missing("prj"),
                    notebook: missing("ntb"),
                    cell: missing("cel"),
                    ..stranger.clone()
                },
                run: missing("run"),
                report_token: String::new(),
                key: missing("key"),
            };
            let missing = ask(&world, endpoint, &nothing, Some(&stranger.token)).await;
            let shown = |answer: &Answer| {
                (
                    answer.status,
                    answer.json()["error"]["code"].clone(),
                    answer.json()["error"]["message"].clone(),
                )
            };
            assert_eq!(shown(&foreign), shown(&missing), "{endpoint:?}");
        }
    }
}

#[tokio::test]
async fn a_role_suffices_for_its_actions_and_no_others() {
    let world = World::new().await;
    for endpoint in rows(|who| matches!(who, Who::May(_))) {
        let Who::May(action) = endpoint.operation.who() else { continue };
        for role in ["viewer", "editor", "admin"] {
            // A key acts for its maker, who may revoke what they made whatever the key's role.
            if endpoint.operation == Operation::RevokeKey && role != "admin" {
                continue;
            }
            let things = things(&world).await;
            let (_, secret) = world.key(&things.owner, role).await;
            let answer = ask(&world, endpoint, &things, Some(&secret)).await;
            let suffices = match action {
                Action::Read => true,
                Action::Edit => role != "viewer",
                Action::Manage => role == "admin",
                Action::Dispose => false,
            };
            if suffices {
                // That the run has no receipt is told to those who may read it only.
                let no_receipt = endpoint.operation == Operation::ReadReceipt && answer.text().contains("run.no_receipt");
                assert!(
                    answer.status.is_success() || no_receipt,
                    "{role} {endpoint:?}: {} {}",
                    answer.status,
                    answer.text()
                );
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {endpoint:?}: {}", answer.text());
            }
        }
    }
}

#[tokio::test]
async fn the_signed_in_reach_what_is_theirs() {
    let world = World::new().await;
    let things = things(&world).await;
    for endpoint in rows(|who| who == Who::SignedIn) {
        let answer = ask(&world, endpoint, &things, Some(&things.owner.token)).await;
        assert!(answer.status.is_success(), "{endpoint:?}: {} {}", answer.status, answer.text());
    }
}

#[tokio::test]
async fn a_report_token_opens_its_own_run_and_nothing_else() {
    let world = World::new().await;
    let mine = things(&world).await;
    let other = things(&world).await;
    for endpoint in rows(|who| who == Who::Reporter) {
        assert_eq!(ask(&world, endpoint, &mine, Some(&mine.report_token)).await.status, StatusCode::OK);
        ask(&world, endpoint, &mine, Some(&other.report_token))
            .await
            .refused(404, "run.not_found", None);
        assert_eq!(
            ask(&world, endpoint, &mine, Some(&mine.owner.token)).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    for endpoint in rows(|who| matches!(who, Who::SignedIn | Who::May(_))) {
        let answer = ask(&world, endpoint, &mine, Some(&mine.report_token)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{endpoint:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_key_for_one_project_sees_no_other() {
    let world = World::new().await;
    let owner = world.visitor().await;
    let made = world
        .ask("POST", "/api/v1/projects")
        .bearer(&owner.token)
        .json(&json!({"name": "second"}))
        .answer()
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let second = made.json()["id"].as_str().unwrap().to_owned();
    let (_, secret) = world.key(&owner, "owner").await;

    let other = world
        .ask("GET", &format!("/api/v1/projects/{second}"))
        .bearer(&secret)
        .answer()
        .await;
    other.refused(404, "project.not_found", None);
    let listed = world.ask("GET", "/api/v1/projects").bearer(&secret).answer().await.json();
    let listed: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|project| project["id"].as_str().unwrap())
        .collect();
    assert_eq!(listed, [owner.project.as_str()]);
    let more = world
        .ask("POST", "/api/v1/projects")
        .bearer(&secret)
        .json(&json!({"name": "third"}))
        .answer()
        .await;
    more.refused(403, "auth.key_too_narrow", None);
}
