//! Tasks other than a plain run, and the receipts of certified runs.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::world::{Answer, Visitor, World, price};

async fn place(world: &World, visitor: &Visitor, task: Value) -> Answer {
    let body = json!({"language": "python", "code": "print(1)", "task": task, "limits": {"fuel": 1_000_000_000}});
    world.create_run(visitor, &body).await
}

async fn receipt(world: &World, visitor: &Visitor, run: &str) -> Answer {
    world
        .ask("GET", &format!("/api/v1/runs/{run}/receipt"))
        .bearer(&visitor.token)
        .answer()
        .await
}

/// What a node says about the end of the last order, changed like this.
fn told(order: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut receipt = json!({
        "version": 1, "run": order["run"], "image": "ab".repeat(32), "language": "python", "label": "main.py",
        "code": blake3::hash(b"print(1)").to_hex().to_string(), "stdin": blake3::hash(b"").to_hex().to_string(), "start": null,
        "world": order["task"]["certify"], "limits": order["limits"], "status": "succeeded", "fuel": 7, "output": "cd".repeat(32), "end": null,
    });
    change(&mut receipt);
    json!({"events": [], "outcome": {
        "status": "succeeded", "fuel": 7, "duration_ms": 1, "error": null, "truncated": false, "receipt": receipt,
    }})
}

#[tokio::test]
async fn what_a_certified_run_did_is_signed_kept_and_shown_to_those_who_may_read_the_run() {
    let world = World::new().await;
    let (visitor, stranger) = (world.visitor().await, world.visitor().await);
    assert_eq!(place(&world, &visitor, json!("certify")).await.status, StatusCode::ACCEPTED);
    let order = world.node.last_order();
    let run = order["run"].as_str().unwrap();
    let seed = order["task"]["certify"]["seed"].as_str().unwrap();
    assert!(seed.len() == 64 && seed != "0".repeat(64), "{seed}");
    receipt(&world, &visitor, run).await.refused(404, "run.no_receipt", None);

    let report = told(&order, |_| {});
    let token = order["report_token"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(world.report(run, token, &report).await.status, StatusCode::OK);
    }
    let shown = receipt(&world, &visitor, run).await.json();
    assert_eq!(shown["receipt"], report["outcome"]["receipt"]);
    let parts: Vec<&str> = shown["token"].as_str().unwrap().split('.').collect();
    let [header, claims] = [0, 1].map(|at| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(parts[at]).unwrap()).unwrap());
    let keys = world.ask("GET", "/.well-known/jwks.json").answer().await.json();
    assert_eq!((&header["alg"], &header["kid"]), (&json!("EdDSA"), &keys["keys"][0]["kid"]));
    assert_eq!(
        (&claims["aud"], &claims["receipt"], claims.get("exp")),
        (&json!("selvedge-receipt"), &shown["receipt"], None)
    );
    receipt(&world, &stranger, run).await.refused(404, "run.not_found", None);
}

#[tokio::test]
async fn what_is_not_about_the_run_is_not_signed() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let lies: [fn(&mut Value); 6] = [
        |receipt| receipt["run"] = json!(format!("run_{}", "0".repeat(32))),
        |receipt| receipt["code"] = json!("00".repeat(32)),
        |receipt| receipt["stdin"] = json!("00".repeat(32)),
        |receipt| receipt["fuel"] = json!(8),
        |receipt| receipt["status"] = json!("failed"),
        |receipt| receipt["limits"]["fuel"] = json!(1),
    ];
    for lie in lies {
        place(&world, &visitor, json!("certify")).await;
        let order = world.node.last_order();
        let (run, token) = (order["run"].as_str().unwrap(), order["report_token"].as_str().unwrap());
        assert_eq!(world.report(run, token, &told(&order, lie)).await.status, StatusCode::OK);
        assert_eq!(world.run_shown(&visitor, run).await["status"], "succeeded");
        receipt(&world, &visitor, run).await.refused(404, "run.no_receipt", None);
    }
}

#[tokio::test]
async fn a_measurement_is_ordered_and_held_for_like_any_run_and_refused_before_anything_is_stored() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let measure = json!({"measure": {"setup": "a = n", "least": 4, "most": 100}});
    assert_eq!(place(&world, &visitor, measure.clone()).await.status, StatusCode::ACCEPTED);
    assert_eq!(world.node.last_order()["task"], measure);
    assert_eq!(world.held(&visitor).await, price(1_000_000_000));
    let least = |least: u64, most: u64| json!({"measure": {"least": least, "most": most}});
    for (task, code, field) in [
        (least(0, 10), "run.measure_sizes", "task.measure.least"),
        (least(11, 10), "run.measure_sizes", "task.measure.least"),
        (least(1, 1 << 33), "run.measure_sizes", "task.measure.least"),
        (
            json!({"measure": {"setup": "x".repeat(1_000_001)}}),
            "run.setup_too_large",
            "task.measure.setup",
        ),
    ] {
        place(&world, &visitor, task).await.refused(400, code, Some(field));
    }
    let answered = json!({"language": "python", "code": "input()", "interactive": true, "task": "certify"});
    let refused = world.create_run(&visitor, &answered).await;
    refused.refused(400, "run.task_interactive", Some("interactive"));
    assert_eq!(world.node.asked().len(), 1);
}

#[tokio::test]
async fn a_cell_is_certified_in_its_kernel_and_a_key_stands_for_its_task() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let path = format!("/api/v1/notebooks/{}/cells/{}/run", visitor.notebook, visitor.cell);
    let ask = |task: &str| {
        let ask = world.ask("POST", &path).bearer(&visitor.token).header("idempotency-key", "one");
        ask.json(&json!({ "task": task })).answer()
    };
    assert_eq!(ask("certify").await.status, StatusCode::ACCEPTED);
    let order = world.node.last_order();
    assert!(
        order["kernel"].is_string() && order["task"]["certify"]["seed"].is_string(),
        "{order}"
    );
    assert_eq!(ask("certify").await.json()["id"], order["run"]);
    ask("run").await.refused(409, "run.idempotency_mismatch", None);
}
