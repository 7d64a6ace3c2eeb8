//! Kernels of several nodes with one store: each goes on wherever its next run is sent, and nothing that was acknowledged is lost.

use std::fs;
use std::path::Path;
use std::time::Duration;

use selvedge_protocol::{EventKind, Status};
use selvedge_test_s3::{BUCKET, SECRET, Server, Weather};
use serde_json::json;
use tempfile::TempDir;

use crate::edge::{Edge, Told, claims_to};
use crate::node::{Node, command, image, kernel, run, worker};

/// What nodes share.
enum Store {
    Folder(TempDir),
    Bucket(Server),
}

impl Store {
    fn bucket() -> Self {
        Self::Bucket(Server::start().unwrap())
    }

    fn arguments(&self) -> Vec<String> {
        match self {
            Self::Folder(folder) => vec!["--store".to_owned(), folder.path().to_str().unwrap().to_owned()],
            Self::Bucket(server) => [
                ("--store", format!("s3://{BUCKET}/of/kernels")),
                ("--store-endpoint", server.endpoint()),
                ("--store-credentials", server.credentials().to_str().unwrap().to_owned()),
            ]
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value])
            .collect(),
        }
    }

    fn server(&self) -> &Server {
        match self {
            Self::Bucket(server) => server,
            Self::Folder(_) => panic!("a folder has no server"),
        }
    }

    async fn node(&self, edge: &Edge, data: &Path) -> Node {
        self.node_with(edge, data, &[]).await
    }

    async fn node_with(&self, edge: &Edge, data: &Path, more: &[&str]) -> Node {
        let arguments = self.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        Node::start_with(edge, data, &arguments).await
    }
}

/// Which names begin with `near`, as a question of an editor.
async fn complete(node: &Node, edge: &Edge, kernel: &str, near: &str) -> Vec<String> {
    let order = edge.order(&run(0), Some(kernel), "");
    let body = json!({
        "project": order.project, "seal": order.seal, "cordon": order.cordon,
        "question": { "complete": { "code": near, "cursor": near.len() } },
    });
    let body = body.to_string();
    let ticket = edge.key.sign(claims_to("ask", kernel, body.as_bytes()));
    let answer = node
        .request("POST", &format!("/v1/kernels/{kernel}/ask"), Some(&ticket), body.as_bytes())
        .await;
    serde_json::from_value(answer.body["matches"].clone()).unwrap_or_else(|_| panic!("{answer:?}"))
}

/// Begins a cell that has begun and waits for [`go_on`].
async fn begin(node: &Node, edge: &Edge, run: &str, kernel: &str, code: &str) {
    let mut order = edge.order(run, Some(kernel), &format!("input()\n{code}"));
    order.interactive = true;
    node.place(edge, &order).await;
    edge.until(run, |told| told.events.values().any(|event| event.kind == EventKind::Input))
        .await;
}

async fn go_on(node: &Node, edge: &Edge, run: &str) -> Told {
    let body = br#"{"text":"\n"}"#;
    let ticket = edge.key.sign(claims_to("input", run, body));
    node.request("POST", &format!("/v1/runs/{run}/input"), Some(&ticket), body).await;
    edge.ended(run).await
}

fn message(told: &Told) -> String {
    told.outcome.as_ref().unwrap().error.as_ref().unwrap().message.clone()
}

async fn goes_on_wherever(store: Store) {
    let edge = Edge::start().await;
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (store.node(&edge, one.path()).await, store.node(&edge, two.path()).await);
    let kernel = kernel(1);
    let code = "count = (n * n for n in range(100)); next(count), next(count)";
    assert_eq!(one.cell(&edge, &run(1), Some(&kernel), code).await.value().unwrap(), "(0, 1)");
    let code = "from_two = next(count); from_two";
    assert_eq!(two.cell(&edge, &run(2), Some(&kernel), code).await.value().unwrap(), "4");
    // The first still has the kernel alive as it left it, and must not use that: not for an answer and not for a cell.
    assert_eq!(complete(&one, &edge, &kernel, "from_").await, ["from_two"]);
    for (turn, node) in [&one, &two, &two, &one, &one].into_iter().enumerate() {
        let turn = u32::try_from(turn).unwrap();
        let told = node.cell(&edge, &run(10 + turn), Some(&kernel), "next(count)").await;
        assert_eq!(told.value().unwrap(), ((turn + 3) * (turn + 3)).to_string());
    }
}

#[tokio::test]
async fn a_kernel_goes_on_wherever_its_next_run_is_sent() {
    goes_on_wherever(Store::bucket()).await;
    goes_on_wherever(Store::Folder(tempfile::tempdir().unwrap())).await;
}

#[tokio::test]
async fn of_two_nodes_that_run_one_kernel_at_once_one_wins_and_the_other_is_told() {
    for store in [Store::bucket(), Store::Folder(tempfile::tempdir().unwrap())] {
        let edge = Edge::start().await;
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (one, two) = (store.node(&edge, one.path()).await, store.node(&edge, two.path()).await);
        let kernel = kernel(1);
        one.cell(&edge, &run(1), Some(&kernel), "x = ['begun']").await;
        for round in 0..3 {
            let (first, second) = (run(10 + 2 * round), run(11 + 2 * round));
            begin(&one, &edge, &first, &kernel, &format!("x.append('one {round}')")).await;
            begin(&two, &edge, &second, &kernel, &format!("x.append('two {round}')")).await;
            let (first, second) = tokio::join!(go_on(&one, &edge, &first), go_on(&two, &edge, &second));
            let statuses = [&first, &second].map(|told| told.outcome.as_ref().unwrap().status);
            let (winner, loser) = match statuses {
                [Status::Succeeded, Status::Failed] => ("one", second),
                [Status::Failed, Status::Succeeded] => ("two", first),
                other => panic!("{other:?}"),
            };
            assert_eq!(loser.error(), "KernelNotKept");
            assert!(message(&loser).contains("another node kept a newer state"), "{}", message(&loser));
            for (number, node) in [(50, &one), (60, &two)] {
                let told = node.cell(&edge, &run(number + round), Some(&kernel), "x[-1], len(x)").await;
                assert_eq!(told.value().unwrap(), format!("('{winner} {round}', {})", round + 2));
            }
        }
    }
}

#[tokio::test]
async fn while_a_node_drains_its_kernels_go_on_at_another() {
    let (edge, store) = (Edge::start().await, Store::bucket());
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (
        store.node_with(&edge, data.path(), &["--drain", "60"]).await,
        store.node(&edge, other.path()).await,
    );
    for number in 1..4 {
        one.cell(&edge, &run(number), Some(&kernel(number)), &format!("x = {number}")).await;
    }
    begin(&one, &edge, &run(10), &kernel(4), "x = 4").await;
    one.terminate();
    for number in 1..4 {
        let told = two.cell(&edge, &run(20 + number), Some(&kernel(number)), "x * 10").await;
        assert_eq!(told.value().unwrap(), (number * 10).to_string());
    }
    assert_eq!(go_on(&one, &edge, &run(10)).await.outcome.unwrap().status, Status::Succeeded);
    assert!(one.ended().await.success());
    assert_eq!(two.cell(&edge, &run(30), Some(&kernel(4)), "x * 10").await.value().unwrap(), "40");
}

#[tokio::test]
async fn a_store_that_goes_away_during_a_cell_costs_that_cell_and_nothing_else() {
    let (edge, store, data) = (Edge::start().await, Store::bucket(), tempfile::tempdir().unwrap());
    let node = store.node(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 1").await;
    begin(&node, &edge, &run(2), &kernel, "x = 2; print('ran')").await;
    store.server().go_away();
    let told = go_on(&node, &edge, &run(2)).await;
    assert_eq!((told.stdout().ends_with("ran\n"), told.error().as_str()), (true, "KernelNotKept"));
    assert!(message(&told).contains("as they were before this run"), "{}", message(&told));
    assert!(!message(&told).contains("127.0.0.1"), "{}", message(&told));
    // What cannot be fetched is not lost.
    let told = node.cell(&edge, &run(3), Some(&kernel), "print('ran')").await;
    assert_eq!((told.stdout().as_str(), told.error().as_str()), ("", "KernelUnavailable"));
    store.server().come_back().unwrap();
    assert_eq!(node.cell(&edge, &run(4), Some(&kernel), "x").await.value().unwrap(), "1");
}

#[tokio::test]
async fn a_slow_store_makes_runs_slow_and_a_run_that_waits_for_it_can_be_cancelled() {
    let (edge, store, data) = (Edge::start().await, Store::bucket(), tempfile::tempdir().unwrap());
    let node = store.node(&edge, data.path()).await;
    let kernel = kernel(1);
    store.server().set(Weather::Slow(Duration::from_millis(300)));
    node.cell(&edge, &run(1), Some(&kernel), "x = 1").await;
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel), "x").await.value().unwrap(), "1");
    store.server().set(Weather::Slow(Duration::from_secs(9)));
    node.place(&edge, &edge.order(&run(3), Some(&kernel), "x = 3")).await;
    node.cancel(&edge, &run(3)).await;
    assert_eq!(edge.ended(&run(3)).await.outcome.unwrap().status, Status::Cancelled);
    store.server().set(Weather::Fine);
    assert_eq!(node.cell(&edge, &run(4), Some(&kernel), "x").await.value().unwrap(), "1");
}

#[tokio::test]
async fn an_object_that_somebody_removed_is_said_to_be_missing_and_the_kernel_begins_anew() {
    let (edge, store) = (Edge::start().await, Store::bucket());
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let node = store.node(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 1").await;
    node.cell(&edge, &run(2), Some(&kernel), "x = 2").await;
    fs::remove_file(store.server().folder().join("of/kernels").join(&kernel).join("1")).unwrap();
    let other = store.node(&edge, other.path()).await;
    let told = other.cell(&edge, &run(3), Some(&kernel), "x").await;
    assert_eq!(told.error(), "KernelUnreadable");
    assert!(
        message(&told).contains("checkpoint 1, which this one needs, is gone"),
        "{}",
        message(&told)
    );
    for (number, node) in [(4, &other), (5, &node)] {
        assert_eq!(node.cell(&edge, &run(number), Some(&kernel), "x").await.error(), "NameError");
    }
}

#[tokio::test]
async fn a_kernel_that_wakes_where_it_was_is_not_downloaded_again() {
    let (edge, store, data) = (Edge::start().await, Store::bucket(), tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = store.node(&edge, data.path()).await;
    for number in 1..4 {
        node.cell(&edge, &run(number), Some(&kernel), &format!("x = {number}")).await;
    }
    assert!(node.stop().await.success());
    let node = store.node(&edge, data.path()).await;
    store.server().requests();
    assert_eq!(node.cell(&edge, &run(10), Some(&kernel), "x").await.value().unwrap(), "3");
    let requests = store.server().requests();
    let fetched = |request: &String| request.starts_with("GET") && !request.contains("list-type=2");
    assert!(!requests.iter().any(fetched) && requests.len() < 5, "{requests:?}");
}

#[tokio::test]
async fn a_node_whose_bucket_cannot_be_used_does_not_start_and_says_why_without_the_secret() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let server = Server::start().unwrap();
    let start = async |bucket: &str, secret: &str| {
        let mut node = command(&edge.url, data.path(), &worker());
        node.arg("--image")
            .arg(image())
            .args(["--store", bucket, "--store-endpoint", &server.endpoint()]);
        node.env("AWS_ACCESS_KEY_ID", "AKIDTEST").env("AWS_SECRET_ACCESS_KEY", secret);
        let output = node.output().await.unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains(secret), "{said}");
        said
    };
    let said = start("s3://elsewhere", SECRET).await;
    assert!(
        said.contains("the store s3://elsewhere cannot be used: there is no bucket elsewhere"),
        "{said}"
    );
    let said = start("s3://kernels", "a wrong word").await;
    assert!(said.contains("refuses the credentials"), "{said}");
    server.set(Weather::Careless);
    let said = start("s3://kernels", SECRET).await;
    assert!(said.contains("If-None-Match"), "{said}");
}
