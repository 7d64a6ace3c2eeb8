//! A node with an edge and a neighbour, on which cases run one after the other.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use selvedge_harness::{Answer, Call, Client, Node};
use selvedge_protocol::{EventKind, Order, OrderLimits, Status};

use tempfile::TempDir;

use crate::canary::{Canary, SPY};
use crate::edge::{Edge, Told, claims};

/// No run of this suite may take longer beyond its own wall-time limit: then the node does not serve.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two cells of the neighbour.
const BREATH: Duration = Duration::from_millis(20);

/// One of the people that share a node.
#[derive(Clone, Debug)]
pub(crate) struct Tenant {
    pub(crate) kernel: String,
    pub(crate) canary: Canary,
}

/// A node that takes orders of this edge, and a neighbour that lives on it.
pub(crate) struct Lane {
    pub(crate) edge: Edge,
    pub(crate) node: Node,
    pub(crate) client: Client,
    neighbour: Tenant,
    /// The worker's, when it is not the real one: the node starts it again and again.
    pub(crate) _program: Option<TempDir>,
    /// How many cells the neighbour has run.
    count: AtomicU32,
    number: AtomicU32,
}

/// What a neighbour saw while a case ran.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) waits: Vec<Duration>,
    pub(crate) lost: u32,
}

impl Lane {
    /// With this worker instead of the real one.
    pub(crate) async fn start(name: &str, worker: Option<&Path>) -> Result<Self> {
        let edge = Edge::start().await;
        let (name, url, worker) = (name.to_owned(), edge.url.clone(), worker.map(Path::to_owned));
        let node = tokio::task::spawn_blocking(move || Node::start_with(&name, &url, worker.as_deref())).await??;
        let client = Client::new(node.url());
        let lane = Self {
            edge,
            node,
            client,
            neighbour: Tenant {
                kernel: String::new(),
                canary: Canary::new(),
            },
            _program: None,
            count: AtomicU32::new(0),
            number: AtomicU32::new(1),
        };
        let neighbour = Tenant {
            kernel: lane.kernel(),
            ..lane.neighbour.clone()
        };
        let lane = Self { neighbour, ..lane };
        let planted = format!("{}\ncount = 0", lane.neighbour.canary.planted("python"));
        lane.cell(&lane.neighbour.kernel, &planted)
            .await
            .context("the neighbour's first cell")?;
        Ok(lane)
    }

    /// Somebody new.
    pub(crate) fn tenant(&self) -> Tenant {
        Tenant {
            kernel: self.kernel(),
            canary: Canary::new(),
        }
    }

    fn kernel(&self) -> String {
        format!("krn_{:032x}", self.number.fetch_add(1, Ordering::Relaxed))
    }

    /// A run's id that was not used before.
    pub(crate) fn run_id(&self) -> String {
        format!("run_{:032x}", self.number.fetch_add(1, Ordering::Relaxed))
    }

    /// An order with an id of its own.
    pub(crate) fn order(&self, kernel: Option<&str>, code: &str) -> Order {
        self.edge.order(&self.run_id(), kernel, code)
    }

    /// Ask the node for something, with this ticket.
    pub(crate) async fn send(&self, method: &str, path: &str, ticket: Option<&str>, body: Vec<u8>) -> Result<Answer> {
        let mut call = Call::new(method, path);
        if let Some(ticket) = ticket {
            call = call.bearer(ticket);
        }
        call.body = body;
        let client = self.client.clone();
        tokio::task::spawn_blocking(move || client.send(&call)).await?
    }

    /// Place an order with a good ticket; anything but 202 is an error.
    pub(crate) async fn place(&self, order: &Order) -> Result<()> {
        let body = serde_json::to_vec(order)?;
        let ticket = self.edge.key.sign(claims(&order.run, &body));
        let answer = self.send("POST", "/v1/runs", Some(&ticket), body).await?;
        ensure!(
            answer.status == 202,
            "the node refused an order: {} {}",
            answer.status,
            answer.text()
        );
        Ok(())
    }

    /// Place an order and wait for its end.
    pub(crate) async fn run(&self, order: &Order) -> Result<Told> {
        self.place(order).await?;
        self.end(order).await
    }

    /// Place an order, cancel it after so long, and wait for its end; how long that took from the cancellation on.
    pub(crate) async fn cancelled(&self, order: &Order, after: Duration) -> Result<(Told, Duration)> {
        self.place(order).await?;
        tokio::time::sleep(after).await;
        let began = Instant::now();
        let ticket = self.edge.key.sign(claims(&order.run, b""));
        let path = format!("/v1/runs/{}/cancel", order.run);
        let answer = self.send("POST", &path, Some(&ticket), Vec::new()).await?;
        ensure!(
            answer.status == 202,
            "the node refused to cancel: {} {}",
            answer.status,
            answer.text()
        );
        Ok((self.end(order).await?, began.elapsed()))
    }

    async fn end(&self, order: &Order) -> Result<Told> {
        let patience = PATIENCE + Duration::from_millis(order.limits.wall_ms);
        tokio::time::timeout(patience, self.edge.ended(&order.run))
            .await
            .with_context(|| format!("no end was reported {patience:?} after the order"))
    }

    /// A cell that has to succeed; what it prints.
    pub(crate) async fn cell(&self, kernel: &str, code: &str) -> Result<String> {
        let told = self.run(&self.order(Some(kernel), code)).await?;
        let first = code.lines().next().unwrap_or_default();
        ensure!(
            told.error().is_empty(),
            "the cell that begins with {first:?} failed: {:?}",
            told.outcome
        );
        Ok(told.stdout())
    }

    /// A fresh run of somebody else; how long it took to be served.
    pub(crate) async fn serves_the_next(&self) -> Result<Duration> {
        let began = Instant::now();
        let told = self.run(&self.order(None, "print(6 * 7)")).await?;
        ensure!(told.stdout() == "42\n", "the next tenant's print(6 * 7) gave {told:?}");
        Ok(began.elapsed())
    }

    /// Somebody else looks for the patterns of these and of the neighbour in everything that a fresh instance can reach.
    pub(crate) async fn spy(&self, others: &[&Tenant]) -> Result<()> {
        let mut order = self.order(None, SPY);
        let others = others.iter().copied().chain([&self.neighbour]);
        order.stdin = Some(others.map(|other| other.canary.disguised()).collect::<Vec<_>>().join(" "));
        let told = self.run(&order).await?;
        ensure!(
            told.error().is_empty() && told.stdout().is_empty(),
            "in a fresh instance: {}",
            shown(&told)
        );
        Ok(())
    }

    /// Nothing of these people is in a text that others can see.
    pub(crate) fn nothing_of(&self, others: &[&Tenant], text: &str) -> Result<()> {
        for other in others.iter().copied().chain([&self.neighbour]) {
            ensure!(!other.canary.is_in(text), "the text holds another tenant's pattern");
        }
        Ok(())
    }

    /// The node's and its worker's log so far. It must not hold anything that users wrote.
    pub(crate) fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.node.log())?)
    }

    /// Process ids of the workers that have been started, in order.
    pub(crate) fn workers(&self) -> Result<Vec<u64>> {
        let log = self.log()?;
        let lines = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        Ok(lines
            .filter(|line| line["message"] == "the worker is ready")
            .filter_map(|line| line["pid"].as_u64())
            .collect())
    }

    /// End all workers, as a crash would, and wait until others have taken their place.
    pub(crate) async fn kill_the_workers(&self) -> Result<()> {
        for worker in self.workers()? {
            let pid = i32::try_from(worker).ok().and_then(Pid::from_raw).context("no process id")?;
            // Those that were replaced are gone already.
            let _ = kill_process(pid, Signal::KILL);
        }
        let began = Instant::now();
        while self.run(&self.order(None, "1")).await?.error() == "Crash" {
            ensure!(began.elapsed() < PATIENCE, "no worker took the place of the one that was killed");
        }
        Ok(())
    }

    /// The neighbour works until `done` ends. Every answer has to be right; runs are lost only when the worker is.
    pub(crate) async fn beside<T>(&self, done: impl Future<Output = T>) -> Result<(T, Beside)> {
        let mut beside = Beside::default();
        let over = AtomicBool::new(false);
        let attack = async {
            let end = done.await;
            over.store(true, Ordering::Relaxed);
            end
        };
        let work = async {
            while !over.load(Ordering::Relaxed) {
                let began = Instant::now();
                let told = self.run(&self.order(Some(&self.neighbour.kernel), "count += 1\ncount")).await?;
                if told.outcome.as_ref().is_some_and(|outcome| outcome.status == Status::Lost) {
                    beside.lost += 1;
                } else {
                    let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
                    let value = told.value();
                    ensure!(
                        value == Some(count.to_string()),
                        "the neighbour's cell {count} gave {value:?} {:?}",
                        told.outcome
                    );
                    beside.waits.push(began.elapsed());
                }
                tokio::time::sleep(BREATH).await;
            }
            anyhow::Ok(())
        };
        let (end, work) = tokio::join!(attack, work);
        work?;
        Ok((end, beside))
    }
}

/// Everything that a run made visible.
pub(crate) fn shown(told: &Told) -> String {
    let mut text = told.stdout();
    for event in told.events.values().filter(|event| event.kind != EventKind::Stdout) {
        text.push_str(&event.data.to_string());
        text.push('\n');
    }
    if let Some(error) = told.outcome.as_ref().and_then(|outcome| outcome.error.as_ref()) {
        text.push_str(&format!("{}: {}\n{}", error.kind, error.message, error.traceback));
    }
    text
}

/// These limits, written down in an order.
pub(crate) fn limited(mut order: Order, limits: OrderLimits) -> Order {
    order.limits = limits;
    order
}
