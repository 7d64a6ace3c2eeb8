//! A node as a process, with a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use selvedge_protocol::Order;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Notify;

use crate::edge::{Edge, claims};
use crate::workspace;

/// The images that runs are made with.
pub(crate) fn image() -> PathBuf {
    let image = std::env::var_os("SELVEDGE_IMAGE").map_or_else(|| workspace().join("target/selvedge/images"), PathBuf::from);
    assert!(
        image.is_dir(),
        "no guest image in {}: run `cargo xtask build` first, or name one with SELVEDGE_IMAGE",
        image.display()
    );
    image
}

/// The worker program.
pub(crate) fn worker() -> PathBuf {
    let built = || workspace().join("target/release/selvedge-sandbox-worker");
    let worker = std::env::var_os("SELVEDGE_WORKER").map_or_else(built, PathBuf::from);
    assert!(
        worker.is_file(),
        "no worker at {}: run `cargo build --release -p selvedge-sandbox-worker` first, or name one with SELVEDGE_WORKER",
        worker.display()
    );
    worker
}

/// `run_` and 32 digits that end in this.
pub(crate) fn run(number: u32) -> String {
    format!("run_{number:032x}")
}

/// `krn_` and 32 digits that end in this.
pub(crate) fn kernel(number: u32) -> String {
    format!("krn_{number:032x}")
}

/// An answer of the node.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
    pub(crate) bytes: Bytes,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}

/// A running node.
pub(crate) struct Node {
    pub(crate) url: String,
    child: Child,
    log: Arc<Mutex<Vec<Value>>>,
    logged: Arc<Notify>,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// The command that starts a node.
pub(crate) fn command(edge: &str, data: &Path, worker: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge-node"));
    command.args(["--edge", edge]).arg("--data").arg(data).arg("--worker").arg(worker);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Node {
    pub(crate) async fn start(edge: &Edge, data: &Path) -> Self {
        Self::start_with(edge, data, &[]).await
    }

    pub(crate) async fn start_with(edge: &Edge, data: &Path, arguments: &[&str]) -> Self {
        Self::start_worker(edge, data, &worker(), arguments).await
    }

    /// With another program in the worker's place.
    pub(crate) async fn start_worker(edge: &Edge, data: &Path, worker: &Path, arguments: &[&str]) -> Self {
        let mut child = command(&edge.url, data, worker)
            .arg("--image")
            .arg(image())
            .args(arguments)
            .spawn()
            .unwrap();
        let (log, logged) = (Arc::<Mutex<Vec<Value>>>::default(), Arc::<Notify>::default());
        let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
        tokio::spawn({
            let (log, logged) = (log.clone(), logged.clone());
            async move {
                while let Ok(Some(line)) = errors.next_line().await {
                    // Shown by the test runner when the test fails.
                    eprintln!("{line}");
                    log.lock().unwrap().extend(serde_json::from_str::<Value>(&line));
                    logged.notify_waiters();
                }
            }
        });
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = output
            .next_line()
            .await
            .unwrap()
            .expect("the node did not start; its last words are above");
        let url = ready.strip_prefix("selvedge-node ready at ").unwrap().to_owned();
        Self {
            url,
            child,
            log,
            logged,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// The field of the first log line with this message.
    pub(crate) fn logged(&self, message: &str, field: &str) -> Value {
        let log = self.log.lock().unwrap();
        let line = log.iter().find(|line| line["message"] == message).unwrap();
        line[field].clone()
    }

    /// The worker's process id; the newest, when it has been replaced.
    pub(crate) async fn worker(&self, generation: usize) -> Pid {
        self.worker_of("signed_in", generation).await
    }

    /// The same of any cordon; orders are of people who have signed in, when they do not say otherwise.
    pub(crate) async fn worker_of(&self, cordon: &str, generation: usize) -> Pid {
        loop {
            let mut logged = std::pin::pin!(self.logged.notified());
            logged.as_mut().enable();
            if let Some(pid) = self.workers_of(cordon).get(generation) {
                return *pid;
            }
            logged.await;
        }
    }

    /// All processes that this cordon has had, in the order in which they came.
    pub(crate) fn workers_of(&self, cordon: &str) -> Vec<Pid> {
        let log = self.log.lock().unwrap();
        log.iter()
            .filter(|line| line["message"] == "the worker is ready" && line["cordon"] == cordon)
            .map(|line| Pid::from_raw(i32::try_from(line["pid"].as_i64().unwrap()).unwrap()).unwrap())
            .collect()
    }

    /// Waits for a line in the log.
    pub(crate) async fn logs(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut logged = std::pin::pin!(self.logged.notified());
            logged.as_mut().enable();
            let found = self.log.lock().unwrap().iter().find(|line| wanted(line)).cloned();
            match found {
                Some(line) => return line,
                None => logged.await,
            }
        }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Kill without warning, as a crash would; returns when the process is gone.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Ask it to end.
    pub(crate) fn terminate(&self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id().unwrap()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Wait for its end.
    pub(crate) async fn ended(mut self) -> ExitStatus {
        self.child.wait().await.unwrap()
    }

    /// Ask it to end, and wait.
    pub(crate) async fn stop(self) -> ExitStatus {
        self.terminate();
        self.ended().await
    }

    pub(crate) async fn request(&self, method: &str, path: &str, ticket: Option<&str>, body: &[u8]) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        if let Some(ticket) = ticket {
            request = request.header(header::AUTHORIZATION, format!("Bearer {ticket}"));
        }
        let answer = self.client.request(request.body(Full::from(body.to_vec())).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            bytes: body,
        }
    }

    /// Place an order with a good ticket.
    pub(crate) async fn try_place(&self, edge: &Edge, order: &Order) -> Answer {
        let body = serde_json::to_vec(order).unwrap();
        self.request("POST", "/v1/runs", Some(&edge.key.sign(claims(&order.run, &body))), &body)
            .await
    }

    /// Place an order, which must be accepted.
    pub(crate) async fn place(&self, edge: &Edge, order: &Order) {
        let answer = self.try_place(edge, order).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    }

    /// Cancel with a good ticket.
    pub(crate) async fn cancel(&self, edge: &Edge, run: &str) -> Answer {
        self.request(
            "POST",
            &format!("/v1/runs/{run}/cancel"),
            Some(&edge.key.sign(claims(run, b""))),
            b"",
        )
        .await
    }

    /// Run a cell to its end.
    pub(crate) async fn cell(&self, edge: &Edge, run: &str, kernel: Option<&str>, code: &str) -> crate::edge::Told {
        self.place(edge, &edge.order(run, kernel, code)).await;
        edge.ended(run).await
    }
}

/// Waits until a process is gone.
pub(crate) async fn gone(pid: Pid) {
    // An error: it is gone already.
    if let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) {
        let wait = move || poll(&mut [PollFd::new(&process, PollFlags::IN)], None).unwrap();
        tokio::task::spawn_blocking(wait).await.unwrap();
    }
}
