//! Starting and stopping runs.

use axum::http::StatusCode;
use base64::Engine;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::{World, price};

/// The claims of a ticket, unchecked.
fn claims(request: &selvedge_ports::HttpRequest) -> Value {
    let (_, ticket) = request.headers.iter().find(|(name, _)| name == "authorization").unwrap();
    let payload = ticket.strip_prefix("Bearer ").unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn a_program_is_ordered_with_a_ticket_for_exactly_these_bytes() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let limits = json!({"wall_ms": 5000, "fuel": 1_000_000_000, "memory_bytes": 134_217_728, "output_bytes": 4096});
    let made = world
        .create_run(
            &visitor,
            &json!({"language": "python", "code": "print(input())", "stdin": "hello", "limits": limits}),
        )
        .await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
    let run = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (made.json()["status"].as_str(), made.header("location")),
        (Some("queued"), format!("/api/v1/runs/{run}").as_str())
    );

    let asked = world.node.asked();
    assert_eq!(
        (asked.len(), asked[0].method.as_str(), asked[0].url.as_str()),
        (1, "POST", "http://node.test/v1/runs")
    );
    let order: Value = serde_json::from_slice(&asked[0].body).unwrap();
    assert_eq!(
        (
            &order["run"],
            &order["kernel"],
            &order["label"],
            &order["code"],
            &order["stdin"],
            &order["limits"]
        ),
        (
            &json!(run),
            &Value::Null,
            &json!("main.py"),
            &json!("print(input())"),
            &json!("hello"),
            &limits
        )
    );
    assert_eq!(order["report_url"], format!("http://edge.test/api/v1/internal/runs/{run}/report"));
    let ticket = claims(&asked[0]);
    assert_eq!((&ticket["aud"], &ticket["run"]), (&json!("selvedge-node"), &json!(run)));
    assert_eq!(ticket["digest"], hex::encode(Sha256::digest(&asked[0].body)));
    assert_eq!(
        world.held(&visitor).await,
        price(limits["fuel"].as_u64().unwrap()),
        "the most that it can cost is held"
    );
}

#[tokio::test]
async fn a_cell_runs_in_its_notebooks_kernel() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let notebook = world.notebook_shown(&visitor).await;
    let mut kernels = Vec::new();
    for (position, cell) in notebook["cells"].as_array().unwrap().iter().enumerate() {
        let path = format!("/api/v1/notebooks/{}/cells/{}/run", visitor.notebook, cell["id"].as_str().unwrap());
        let run = world.ask("POST", &path).bearer(&visitor.token).answer().await;
        assert_eq!(run.status, StatusCode::ACCEPTED, "{}", run.text());
        let order = world.node.last_order();
        assert_eq!(
            (&order["label"], &order["code"]),
            (&json!(format!("cell {}", position + 1)), &cell["code"])
        );
        kernels.push(order["kernel"].as_str().unwrap().to_owned());
    }
    kernels.dedup();
    assert_eq!(kernels.len(), 1);
    let shown = world.notebook_shown(&visitor).await;
    assert_eq!(
        (&shown["cells"][2]["last_run"]["status"], &shown["cells"][2]["stale"]),
        (&json!("queued"), &json!(false))
    );
    let edit = world
        .ask("PUT", &format!("/api/v1/notebooks/{}/cells/{}", visitor.notebook, visitor.cell))
        .bearer(&visitor.token);
    assert_eq!(edit.json(&json!({"code": "other"})).answer().await.json()["stale"], true);
}

#[tokio::test]
async fn the_same_idempotency_key_makes_one_run() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let ask = |key: &str| {
        let ask = world
            .ask("POST", "/api/v1/runs")
            .bearer(&visitor.token)
            .header("idempotency-key", key);
        ask.json(&json!({"language": "python", "code": "1"})).answer()
    };
    let (first, second, other) = (ask("a").await, ask("a").await, ask("b").await);
    assert_eq!(
        (second.status, second.json()["id"].clone()),
        (StatusCode::ACCEPTED, first.json()["id"].clone())
    );
    assert_ne!(other.json()["id"], first.json()["id"]);
    assert_eq!(world.node.asked().len(), 2);
}

#[tokio::test]
async fn wrong_orders_are_refused_by_field_and_leave_nothing() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let cases = [
        (json!({"language": "cobol", "code": "1"}), "language"),
        (
            json!({"language": "python", "code": "1", "limits": {"wall_ms": 0}}),
            "limits.wall_ms",
        ),
        (
            json!({"language": "python", "code": "1", "limits": {"wall_ms": 600_001}}),
            "limits.wall_ms",
        ),
        (
            json!({"language": "python", "code": "1", "limits": {"fuel": 200_000_000_000_001_u64}}),
            "limits.fuel",
        ),
        (
            json!({"language": "python", "code": "1", "limits": {"memory_bytes": 1}}),
            "limits.memory_bytes",
        ),
        (
            json!({"language": "python", "code": "1", "limits": {"output_bytes": 16_777_217}}),
            "limits.output_bytes",
        ),
        (json!({"language": "python", "code": "1", "stdin": "x".repeat(1_000_001)}), "stdin"),
    ];
    for (body, field) in cases {
        let refused = world.create_run(&visitor, &body).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["error"]["field"].as_str()),
            (400, Some(field)),
            "{}",
            refused.text()
        );
    }
    assert!(world.node.asked().is_empty());
    let runs = world.shown(&visitor, &format!("/api/v1/projects/{}/runs", visitor.project)).await;
    assert_eq!(runs["items"], json!([]));
}

#[tokio::test]
async fn without_credits_nothing_is_started() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let dear = json!({"language": "python", "code": "1", "limits": {"fuel": 200_000_000_000_000_u64}});
    let covered = usize::try_from(1_000_000 / price(200_000_000_000_000)).unwrap();
    let mut started = 0;
    let refused = loop {
        let answer = world.create_run(&visitor, &dear).await;
        if answer.status != StatusCode::ACCEPTED {
            break answer;
        }
        started += 1;
        world.clock.advance(1);
        assert!(started < 100, "the welcome grant never ends");
    };
    refused.refused(402, "billing.insufficient_credits", None);
    assert_eq!(
        (started, world.node.asked().len()),
        (covered, covered),
        "exactly the runs that the grant covers"
    );
    let runs = world
        .shown(&visitor, &format!("/api/v1/projects/{}/runs?limit=1", visitor.project))
        .await;
    assert_eq!(
        (&runs["items"][0]["status"], &runs["items"][0]["cost"]),
        (&json!("failed"), &json!(0))
    );
}

#[tokio::test]
async fn a_node_that_cannot_take_it_costs_nothing() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    for status in [0, 429, 500, 503] {
        world.node.answers(status);
        let refused = world.create_run(&visitor, &json!({"language": "python", "code": "1"})).await;
        refused.refused(503, "run.no_node", None);
        assert_eq!(refused.header("retry-after"), "2");
        assert!(refused.json()["error"]["message"].as_str().unwrap().contains("nothing was billed"));
    }
    assert_eq!(world.account(&visitor).await, json!({"balance": 1_000_000, "held": 0}));
    let runs = world.shown(&visitor, &format!("/api/v1/projects/{}/runs", visitor.project)).await;
    let states: Vec<_> = runs["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["lost"; 4]);
}

#[tokio::test]
async fn a_node_that_finds_the_order_wrong_is_a_defect_of_ours() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    world.node.answers(400);
    world
        .create_run(&visitor, &json!({"language": "python", "code": "secret_code()"}))
        .await
        .refused(500, "internal", None);
    assert_eq!(world.held(&visitor).await, 0);
    let log = world.log.all().join("\n");
    assert!(log.contains("run.order_refused"), "{log}");
    assert!(!log.contains("secret_code") && !log.contains(&visitor.token), "{log}");
}

#[tokio::test]
async fn a_cancellation_reaches_the_node_and_is_remembered_when_it_does_not() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    let cancel = || {
        world
            .ask("POST", &format!("/api/v1/runs/{run}/cancel"))
            .bearer(&visitor.token)
            .answer()
    };
    assert_eq!(cancel().await.status, StatusCode::ACCEPTED);
    let asked = world.node.asked();
    let told = asked.last().unwrap();
    assert_eq!(
        (told.url.clone(), told.body.len()),
        (format!("http://node.test/v1/runs/{run}/cancel"), 0)
    );
    assert_eq!(claims(told)["digest"], hex::encode(Sha256::digest(b"")));

    world.node.answers(0);
    assert_eq!(cancel().await.status, StatusCode::ACCEPTED);
    let reply = world.report(&run, &token, &json!({"events": [], "outcome": null})).await;
    assert_eq!(reply.json(), json!({"cancel_requested": true}));
}

#[tokio::test]
async fn a_silent_run_is_lost_when_somebody_looks_and_costs_nothing() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, token) = world.run(&visitor).await;
    assert_eq!(world.run_shown(&visitor, &run).await["status"], "queued");
    assert!(world.held(&visitor).await > 0);
    world.clock.advance(selvedge_protocol::limits::LEASE_MS + 1_000);
    let shown = world.run_shown(&visitor, &run).await;
    assert_eq!((&shown["status"], &shown["cost"]), (&json!("lost"), &json!(0)));
    assert_eq!(world.account(&visitor).await, json!({"balance": 1_000_000, "held": 0}));
    let outcome = json!({"status": "succeeded", "fuel": 1_000_000_000, "duration_ms": 1, "error": null, "truncated": false});
    for outcome in [outcome, Value::Null] {
        let late = world.report(&run, &token, &json!({"events": [], "outcome": outcome})).await;
        late.refused(409, "run.ended", None);
    }
    assert_eq!(world.account(&visitor).await["balance"], 1_000_000);
}

#[tokio::test]
async fn whoever_calls_expire_ends_them_too() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (first, _) = world.run(&visitor).await;
    world.run(&visitor).await;
    assert_eq!(selvedge_api::operations::expire(&world.platform, 10).await.unwrap(), 0);
    world.clock.advance(selvedge_protocol::limits::LEASE_MS + 1_000);
    assert_eq!(selvedge_api::operations::expire(&world.platform, 10).await.unwrap(), 2);
    assert_eq!(selvedge_api::operations::expire(&world.platform, 10).await.unwrap(), 0);
    assert_eq!(world.run_shown(&visitor, &first).await["status"], "lost");
    assert_eq!(world.held(&visitor).await, 0);
}

#[tokio::test]
async fn lists_of_runs_are_read_page_by_page() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(world.run(&visitor).await.0);
        world.clock.advance(5);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = world
            .shown(&visitor, &format!("/api/v1/projects/{}/runs?limit=2{next}", visitor.project))
            .await;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|run| run["id"].as_str().unwrap().to_owned()),
        );
        let Some(after) = page["next"].as_str() else { break };
        next = format!("&after={after}");
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn a_key_for_one_project_runs_there_without_naming_it() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (_, secret) = world.key(&visitor, "editor").await;
    let made = world
        .ask("POST", "/api/v1/runs")
        .bearer(&secret)
        .json(&json!({"language": "python", "code": "1"}))
        .answer()
        .await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
    assert_eq!(
        world.run_shown(&visitor, made.json()["id"].as_str().unwrap()).await["project"],
        visitor.project
    );
}

#[tokio::test]
async fn a_first_run_needs_nothing_but_a_credential() {
    let world = World::new().await;
    let owner = world.administrators_key().await;
    let answer = world
        .ask("POST", "/api/v1/runs")
        .bearer(&owner)
        .json(&json!({"language": "python", "code": "1"}))
        .answer()
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{:?}", answer.json());
    let projects = world.ask("GET", "/api/v1/projects").bearer(&owner).answer().await.json();
    assert_eq!(
        (projects["items"][0]["name"].as_str(), projects["items"].as_array().unwrap().len()),
        (Some("Home"), 1)
    );
}
