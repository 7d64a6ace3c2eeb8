//! What only the Worker has: a cron trigger. Started from the root `wrangler.toml` with its build command, as a user does.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use selvedge_harness::{Call, Client, Workerd};
use serde_json::{Value, json};

/// How often the trigger is pulled: for longer than a lease lasts.
const ATTEMPTS: u32 = 120;

/// A run whose node died is ended as lost by the trigger, without anybody reading it, and is not billed.
pub(crate) fn ends_runs_whose_node_died() -> Result<()> {
    let mut workerd = Workerd::start_with_its_build("conformance-wrangler-dev")?;
    let client = Client::new(workerd.url());
    let visitor = ok(&client, &Call::new("POST", "/api/v1/scratch"))?;
    let text = |value: &Value, field: &str| {
        value
            .get(field)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .with_context(|| format!("no {field}"))
    };
    let (token, project) = (text(&visitor, "token")?, text(&visitor, "project")?);
    let ask = |method: &str, path: &str| Call::new(method, path).bearer(&token);
    let account = format!("/api/v1/projects/{project}/account");
    let before = ok(&client, &ask("GET", &account))?;
    let code = "import time\nprint('begun', flush=True)\ntime.sleep(300)";
    let order = json!({"language": "python", "code": code, "limits": {"wall_ms": 600_000}});
    let run = text(&ok(&client, &ask("POST", "/api/v1/runs").json(&order))?, "id")?;
    until(|| Ok(ok(&client, &ask("GET", &format!("/api/v1/runs/{run}")))?.get("status") == Some(&json!("running"))))?;

    workerd.node().process().kill()?;
    // The list shows runs as they are stored; reading the run itself would end it.
    let list = format!("/api/v1/projects/{project}/runs");
    until(|| {
        let pulled = client.send(&Call::new("GET", "/cdn-cgi/handler/scheduled"))?;
        ensure!(pulled.status == 200, "the trigger's handler failed: {}", pulled.text());
        let runs = ok(&client, &ask("GET", &list))?;
        Ok(runs.pointer("/items/0/status") == Some(&json!("lost")))
    })?;
    let after = ok(&client, &ask("GET", &account))?;
    ensure!(before == after, "a lost run is not billed: {before} became {after}");
    Ok(())
}

fn ok(client: &Client, call: &Call) -> Result<Value> {
    let answer = client.send(call)?;
    ensure!(
        (200..300).contains(&answer.status),
        "{} {}: {} {}",
        call.method,
        call.path,
        answer.status,
        answer.text()
    );
    answer.json()
}

fn until(mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    for _ in 0..ATTEMPTS {
        if holds()? {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    bail!("still not so after asking {ATTEMPTS} times")
}
