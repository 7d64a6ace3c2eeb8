//! What can be done with a notebook's kernel.

use axum::http::StatusCode;
use base64::Engine;
use selvedge_ports::HttpRequest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::{Answer, Visitor, World};

fn path(visitor: &Visitor, what: &str) -> String {
    format!("/api/v1/notebooks/{}/kernel/{what}", visitor.notebook)
}

async fn get(world: &World, visitor: &Visitor, what: &str) -> Answer {
    world.ask("GET", &path(visitor, what)).bearer(&visitor.token).answer().await
}

async fn post(world: &World, visitor: &Visitor, what: &str, body: Value) -> Answer {
    let ask = world.ask("POST", &path(visitor, what)).bearer(&visitor.token);
    ask.json(&body).answer().await
}

/// Run the visitor's first cell and report that it left this checkpoint.
async fn ran(world: &World, visitor: &Visitor, checkpoint: u64) -> (String, String) {
    let run = format!("/api/v1/notebooks/{}/cells/{}/run", visitor.notebook, visitor.cell);
    let made = world.ask("POST", &run).bearer(&visitor.token).answer().await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
    let order = world.node.last_order();
    let (run, token) = (order["run"].as_str().unwrap(), order["report_token"].as_str().unwrap());
    let outcome = json!({"status": "succeeded", "fuel": 1, "duration_ms": 1, "error": null, "truncated": false});
    let report = json!({"events": [], "outcome": outcome, "checkpoint": checkpoint});
    assert_eq!(world.report(run, token, &report).await.status, StatusCode::OK);
    (run.to_owned(), order["kernel"].as_str().unwrap().to_owned())
}

fn claims(request: &HttpRequest) -> Value {
    let (_, ticket) = request.headers.iter().find(|(name, _)| name == "authorization").unwrap();
    let payload = ticket.strip_prefix("Bearer ").unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn moment(number: u64, kernel: &str, parent: Option<u64>, same: bool) -> Value {
    let parent = parent.map(|number| json!([kernel, number]));
    json!({"number": number, "at": 1_000 * number, "parent": parent, "same": same, "bytes": 7, "names": []})
}

fn code(code: &str) -> Value {
    json!({"error": {"code": code, "message": "m", "field": null}})
}

#[tokio::test]
async fn checkpoints_are_told_with_the_cells_that_left_them() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let empty = get(&world, &visitor, "checkpoints").await;
    assert_eq!(
        (empty.status, empty.json()),
        (StatusCode::OK, json!({"current": 0, "undo": null, "items": []}))
    );
    let (first, kernel) = ran(&world, &visitor, 1).await;
    ran(&world, &visitor, 2).await;
    let moments = [
        moment(1, &kernel, None, false),
        moment(2, &kernel, Some(1), false),
        moment(3, &kernel, Some(1), true),
    ];
    world.node.says("/history", 200, json!({"checkpoints": moments, "newest": 3}));
    let shown = get(&world, &visitor, "checkpoints").await.json();
    assert_eq!((&shown["current"], &shown["undo"]), (&json!(1), &json!(0)));
    assert_eq!(
        shown["items"][1],
        json!({"number": 1, "at": "1970-01-01T00:00:01.000Z", "parent": null, "applied": true, "run": first, "cell": visitor.cell,
            "status": "succeeded", "names": [], "bytes": 7})
    );
    assert_eq!(
        (&shown["items"][0]["number"], &shown["items"][0]["applied"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(world.run_shown(&visitor, &first).await["checkpoint"], 1);
}

#[tokio::test]
async fn a_node_is_asked_with_a_ticket_for_this_kernel_this_deed_and_this_body() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (_, kernel) = ran(&world, &visitor, 1).await;
    for (what, body, action) in [
        ("rewind", json!({"number": 1}), "rewind"),
        ("rewind", json!({"number": 0}), "restart"),
        ("restart", json!({}), "restart"),
        ("complete", json!({"code": "im", "cursor": 2}), "ask"),
    ] {
        let before = world.node.asked().len();
        let answer = post(&world, &visitor, what, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.text());
        let asked = &world.node.asked()[before];
        assert_eq!(asked.url, format!("http://node.test/v1/kernels/{kernel}/{action}"));
        let claims = claims(asked);
        assert_eq!((&claims["run"], &claims["action"]), (&json!(kernel), &json!(action)));
        assert_eq!(claims["digest"], hex::encode(Sha256::digest(&asked.body)));
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!(
            (&body["project"], body["seal"].as_str().unwrap().len()),
            (&json!(visitor.project), 64)
        );
        // The project's key goes to the node and nowhere else.
        let seal = body["seal"].as_str().unwrap();
        assert!(!answer.text().contains(seal));
        assert!(!world.log.all().join("\n").contains(seal));
    }
}

#[tokio::test]
async fn what_a_node_refuses_is_told_with_what_to_do() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    for (status, from, to, told, field) in [
        (404, "kernel.nothing", 409, "kernel.nothing", None),
        (404, "kernel.no_such_checkpoint", 400, "kernel.no_such_checkpoint", Some("number")),
        (409, "kernel.busy", 409, "kernel.busy", None),
        (409, "kernel.elsewhere", 409, "kernel.elsewhere", None),
        (409, "kernel.unreadable", 409, "kernel.unreadable", None),
        (503, "node.disk", 503, "kernel.node_away", None),
        (500, "anything", 503, "kernel.node_away", None),
        (429, "anything", 503, "kernel.node_away", None),
        (401, "ticket.other", 500, "internal", None),
    ] {
        world.node.says("/rewind", status, code(from));
        let answer = post(&world, &visitor, "rewind", json!({"number": 7})).await;
        answer.refused(to, told, field);
        assert_eq!(!answer.header("retry-after").is_empty(), to == 503, "{from}");
    }
    for (status, from, to, told) in [
        (429, "ask.busy", 429, "kernel.questions_busy"),
        (400, "ask.unknown", 400, "kernel.question_unknown"),
        (422, "ask.too_much", 400, "kernel.question_too_costly"),
        (409, "ask.unreadable", 409, "kernel.unreadable"),
        (503, "ask.lost", 503, "kernel.node_away"),
    ] {
        world.node.says("/ask", status, code(from));
        get(&world, &visitor, "variables").await.refused(to, told, None);
    }
}

#[tokio::test]
async fn a_node_that_is_away_changes_nothing_and_is_logged_once_per_request() {
    let world = World::with(|config| config.node_url = None).await;
    let visitor = world.visitor().await;
    get(&world, &visitor, "checkpoints").await.refused(503, "kernel.node_away", None);
    let world = World::new().await;
    let visitor = world.visitor().await;
    world.node.answers(0);
    post(&world, &visitor, "restart", json!({}))
        .await
        .refused(503, "kernel.node_away", None);
    let lines = world.log.all();
    let told: Vec<_> = lines.iter().filter(|line| line.starts_with("node.no_answer")).collect();
    assert_eq!(told.len(), 1, "{lines:?}");
    assert!(told[0].contains("action=restart"), "{told:?}");
}

#[tokio::test]
async fn questions_are_bounded_at_the_bound_and_not_one_past_it() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let most = "é".repeat(500_000);
    for (what, body) in [
        ("complete", json!({"code": most, "cursor": 500_000})),
        ("inspect", json!({"code": "x", "cursor": 1, "detail": 1})),
        ("is-complete", json!({"code": most})),
        (
            "page",
            json!({"table": "t".repeat(1_000), "count": 1_000, "sort": "s", "filter": "f".repeat(1_000)}),
        ),
        ("page", json!({"table": "t", "count": 1})),
    ] {
        let answer = post(&world, &visitor, what, body).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"status": "ok"})), "{what}");
    }
    let over = format!("{most}x");
    for (what, body, code, field) in [
        ("complete", json!({"code": over, "cursor": 0}), "run.code_too_large", "code"),
        ("inspect", json!({"code": over, "cursor": 0}), "run.code_too_large", "code"),
        ("is-complete", json!({"code": over}), "run.code_too_large", "code"),
        ("complete", json!({"code": "é", "cursor": 2}), "kernel.cursor", "cursor"),
        ("inspect", json!({"code": "é", "cursor": 2}), "kernel.cursor", "cursor"),
        ("inspect", json!({"code": "x", "cursor": 1, "detail": 2}), "kernel.detail", "detail"),
        ("page", json!({"table": "t".repeat(1_001)}), "kernel.page", "table"),
        ("page", json!({"table": "t", "filter": "f".repeat(1_001)}), "kernel.page", "filter"),
        ("page", json!({"table": "t", "sort": "s".repeat(1_001)}), "kernel.page", "sort"),
        ("page", json!({"table": "t", "count": 0}), "kernel.page", "count"),
        ("page", json!({"table": "t", "count": 1_001}), "kernel.page", "count"),
    ] {
        post(&world, &visitor, what, body).await.refused(400, code, Some(field));
    }
}

#[tokio::test]
async fn a_question_says_what_was_asked_in_the_guests_words() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let asked = async |what: &str, body: Value| {
        post(&world, &visitor, what, body).await;
        let asked = world.node.asked();
        let body: Value = serde_json::from_slice(&asked.last().unwrap().body).unwrap();
        assert_eq!(body["cordon"], "anonymous");
        body["question"].clone()
    };
    assert_eq!(
        asked("complete", json!({"code": "im", "cursor": 2})).await,
        json!({"complete": {"code": "im", "cursor": 2}})
    );
    assert_eq!(
        asked("inspect", json!({"code": "im", "cursor": 2})).await,
        json!({"inspect": {"code": "im", "cursor": 2, "detail": 0}})
    );
    assert_eq!(
        asked("is-complete", json!({"code": "im"})).await,
        json!({"is_complete": {"code": "im"}})
    );
    assert_eq!(
        asked("page", json!({"table": "t", "from": 5})).await,
        json!({"page": {"table": "t", "from": 5, "count": 100, "sort": null, "descending": false, "filter": ""}})
    );
}

#[tokio::test]
async fn names_are_given_to_checkpoints_and_taken_from_whatever_says_the_same() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (_, kernel) = ran(&world, &visitor, 1).await;
    let moments = [moment(1, &kernel, None, false), moment(2, &kernel, Some(1), true)];
    world.node.says("/history", 200, json!({"checkpoints": moments, "newest": 2}));
    let named = path(&visitor, "checkpoints/1/names/before%20the%2Fjoin");
    for (method, told) in [("PUT", vec![(1, true)]), ("DELETE", vec![(1, false), (2, false)])] {
        let before = world.node.asked().len();
        let answer = world.ask(method, &named).bearer(&visitor.token).answer().await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        let asked = world.node.asked().split_off(before);
        let names: Vec<_> = asked
            .iter()
            .filter(|asked| asked.url.ends_with("/name"))
            .map(|asked| serde_json::from_slice::<Value>(&asked.body).unwrap())
            .inspect(|body| assert_eq!(body["name"], "before the/join"))
            .map(|body| (body["number"].as_u64().unwrap(), body["keep"].as_bool().unwrap()))
            .collect();
        assert_eq!(names, told);
    }
}

async fn fork(world: &World, visitor: &Visitor, body: &Value) -> Answer {
    let path = format!("/api/v1/notebooks/{}/fork", visitor.notebook);
    world.ask("POST", &path).bearer(&visitor.token).json(body).answer().await
}

#[tokio::test]
async fn a_fork_has_the_cells_and_shows_the_runs_that_are_in_its_kernel() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (first, kernel) = ran(&world, &visitor, 1).await;
    let (second, _) = ran(&world, &visitor, 2).await;
    let moments = [moment(1, &kernel, None, false), moment(2, &kernel, Some(1), false)];
    world.node.says("/history", 200, json!({"checkpoints": moments, "newest": 2}));
    for (body, number, shown, name) in [
        (json!({}), json!(2), json!(second), "Scratch notebook (fork)"),
        (json!({"number": 1, "name": "What if"}), json!(1), json!(first), "What if"),
    ] {
        let made = fork(&world, &visitor, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let fork = made.json();
        assert_eq!(
            made.header("location"),
            format!("/api/v1/notebooks/{}", fork["id"].as_str().unwrap())
        );
        assert_eq!((fork["name"].as_str(), fork["cells"].as_array().unwrap().len()), (Some(name), 3));
        assert_eq!(
            (&fork["cells"][0]["last_run"]["id"], &fork["cells"][1]["last_run"]),
            (&shown, &Value::Null)
        );
        let asked = world.node.asked();
        let asked = asked.iter().rev().find(|asked| asked.url.ends_with("/fork")).unwrap();
        let asked: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!(asked["number"], number);
        // A cell of the fork runs in the kernel that the node has forked.
        let run = format!(
            "/api/v1/notebooks/{}/cells/{}/run",
            fork["id"].as_str().unwrap(),
            fork["cells"][0]["id"].as_str().unwrap()
        );
        world.ask("POST", &run).bearer(&visitor.token).answer().await;
        assert_eq!(world.node.last_order()["kernel"], asked["kernels"][0]);
        assert_ne!(asked["kernels"][0], json!(kernel));
    }
    // Empty: there is nothing to fork at the node.
    let before = world.node.asked().len();
    let made = fork(&world, &visitor, &json!({"number": 0})).await;
    assert_eq!(made.json()["cells"][0]["last_run"], Value::Null, "{}", made.text());
    assert!(world.node.asked()[before..].iter().all(|asked| !asked.url.ends_with("/fork")));
}

#[tokio::test]
async fn a_fork_of_a_fork_shows_what_it_began_with() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (first, kernel) = ran(&world, &visitor, 1).await;
    let begun = json!({"checkpoints": [moment(1, &kernel, Some(1), true)], "newest": 1});
    world.node.says("/history", 200, begun);
    world.node.says(
        &format!("/{kernel}/history"),
        200,
        json!({"checkpoints": [moment(1, &kernel, None, false)], "newest": 1}),
    );
    let made = fork(&world, &visitor, &json!({})).await.json();
    let child = Visitor {
        notebook: made["id"].as_str().unwrap().to_owned(),
        ..visitor
    };
    let grandchild = fork(&world, &child, &json!({})).await.json();
    assert_eq!(grandchild["cells"][0]["last_run"]["id"], json!(first));
    let empty = fork(&world, &child, &json!({"number": 0})).await.json();
    assert_eq!(empty["cells"][0]["last_run"], Value::Null);
}

#[tokio::test]
async fn a_fork_that_cannot_be_stored_leaves_no_kernel_behind() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (_, kernel) = ran(&world, &visitor, 1).await;
    world.node.says(
        "/history",
        200,
        json!({"checkpoints": [moment(1, &kernel, None, false)], "newest": 1}),
    );
    fork(&world, &visitor, &json!({"name": ""}))
        .await
        .refused(400, "workspace.name", Some("name"));
    let asked = world.node.asked();
    let [.., forked, removed] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let into: Value = serde_json::from_slice(&forked.body).unwrap();
    assert!(
        removed.url.ends_with(&format!("/{}/remove", into["kernels"][0].as_str().unwrap())),
        "{}",
        removed.url
    );
    let notebooks = format!("/api/v1/projects/{}/notebooks", visitor.project);
    let listed = world.shown(&visitor, &notebooks).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_kernel_is_carried_away_as_a_file_and_brought_back_within_bounds() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    world.node.says("/export", 200, json!("the file"));
    let file = get(&world, &visitor, "export").await;
    assert_eq!(
        (file.status, file.header("content-type")),
        (StatusCode::OK, "application/octet-stream")
    );
    assert_eq!(
        (file.text().as_str(), file.header("content-disposition")),
        ("\"the file\"", "attachment; filename=\"kernel.selvedge\"")
    );
    let asked: Value = serde_json::from_slice(&world.node.asked().last().unwrap().body).unwrap();
    assert_eq!(asked["most"], selvedge_api::request::KERNEL_FILE_BYTES_MAX);
    world.node.says("/export", 413, code("kernel.too_large"));
    get(&world, &visitor, "export").await.refused(409, "kernel.too_large", None);

    let import = async |file: Vec<u8>| {
        let ask = world.ask("POST", &path(&visitor, "import")).bearer(&visitor.token);
        ask.raw("application/octet-stream", file).answer().await
    };
    let most = vec![7; selvedge_api::request::KERNEL_FILE_BYTES_MAX];
    let imported = import(most.clone()).await;
    assert_eq!(
        (imported.status, &imported.json()["current"]),
        (StatusCode::OK, &json!(0)),
        "{}",
        imported.text()
    );
    let asked = world.node.asked();
    let sent = &asked.iter().rev().find(|asked| asked.url.ends_with("/import")).unwrap().body;
    let line = sent.iter().position(|byte| *byte == b'\n').unwrap();
    assert!(serde_json::from_slice::<Value>(&sent[..line]).unwrap()["seal"].is_string());
    assert_eq!(sent[line + 1..], most);
    import([most, vec![7]].concat()).await.refused(413, "request.too_large", None);
    import(Vec::new()).await.refused(400, "kernel.not_an_export", Some("body"));
    for (status, from, to, told, field) in [
        (409, "kernel.exists", 409, "kernel.not_empty", None),
        (400, "kernel.not_an_export", 400, "kernel.not_an_export", Some("body")),
        // Another project's: its key opens it, this one's does not.
        (409, "kernel.unreadable", 400, "kernel.not_an_export", Some("body")),
    ] {
        world.node.says("/import", status, code(from));
        import(vec![1]).await.refused(to, told, field);
    }
    // Everything else stays as small as it was.
    let large = "x".repeat(selvedge_api::request::BODY_BYTES_MAX);
    post(&world, &visitor, "rewind", json!({"number": large}))
        .await
        .refused(413, "request.too_large", None);
}

#[tokio::test]
async fn a_private_projects_code_shares_a_process_with_nobody() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let settings = |project: &str| format!("/api/v1/projects/{project}/settings");
    let refused = world.ask("PUT", &settings(&visitor.project)).bearer(&visitor.token);
    refused
        .json(&json!({"private": true}))
        .answer()
        .await
        .refused(403, "project.private_needs_account", None);

    let owner = world.administrators_key().await;
    let made = world
        .ask("POST", "/api/v1/projects")
        .bearer(&owner)
        .json(&json!({"name": "P"}))
        .answer()
        .await;
    let project = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.json()["private"], false);
    for (asked, private, cordon) in [
        (json!({}), false, "signed_in"),
        (json!({"private": true}), true, "private"),
        (json!({}), true, "private"),
        (json!({"private": false}), false, "signed_in"),
    ] {
        let set = world.ask("PUT", &settings(&project)).bearer(&owner).json(&asked).answer().await;
        assert_eq!(
            (set.status, set.json()["private"].as_bool()),
            (StatusCode::OK, Some(private)),
            "{}",
            set.text()
        );
        let run = json!({"language": "python", "code": "1", "project": project});
        world.ask("POST", "/api/v1/runs").bearer(&owner).json(&run).answer().await;
        assert_eq!(world.node.last_order()["cordon"], cordon);
    }
}

#[tokio::test]
async fn a_notebook_is_removed_with_everything_that_its_kernel_was() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let (run, kernel) = ran(&world, &visitor, 1).await;
    let notebook = format!("/api/v1/notebooks/{}", visitor.notebook);
    let remove = || world.ask("DELETE", &notebook).bearer(&visitor.token).answer();
    // As long as the node cannot be told, the notebook stays: otherwise nobody could find its kernel any more.
    world.node.says("/remove", 409, code("kernel.busy"));
    remove().await.refused(409, "kernel.busy", None);
    let kept = world.ask("GET", &notebook).bearer(&visitor.token).answer().await;
    assert_eq!(kept.status, StatusCode::OK);

    world.node.says("/remove", 200, json!({}));
    assert_eq!(remove().await.status, StatusCode::NO_CONTENT);
    assert!(
        world
            .node
            .asked()
            .last()
            .unwrap()
            .url
            .ends_with(&format!("/v1/kernels/{kernel}/remove"))
    );
    remove().await.refused(404, "notebook.not_found", None);
    let gone = world.ask("GET", &notebook).bearer(&visitor.token).answer().await;
    gone.refused(404, "notebook.not_found", None);
    assert_eq!(world.run_shown(&visitor, &run).await["status"], "succeeded");
}
