//! Starting and stopping a node.

use std::io::Write;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::aside::{self, Patience, Room};
use crate::ask;
use crate::config::NodeConfig;
use crate::data::Data;
use crate::edge::Edge;
use crate::error::StartError;
use crate::guest::{Guests, Memories, Program, WearLimits};
use crate::kernels::Kernels;
use crate::keys::Keys;
use crate::log;
use crate::metrics::{self, Metrics};
use crate::run::Workshop;
use crate::runs::Runs;
use crate::server::Server;

/// How long the edge may then take to hear how they ended; what it has not heard it hears at the next start.
const FAREWELL: Duration = Duration::from_millis(700);
/// How often unused kernels are looked for, in the time after which they go to sleep.
const IDLE_LOOKS: u32 = 4;

/// A node that listens and whose worker is ready.
#[derive(Debug)]
pub struct Node {
    address: SocketAddr,
    listener: TcpListener,
    server: Arc<Server>,
    drain: Duration,
    idle: Duration,
    _scraped: JoinSet<()>,
    _data: Data,
}

impl Node {
    /// Take the data folder, start the worker, report what an earlier process left behind, listen.
    ///
    /// # Errors
    /// See [`StartError`]. Nothing is left running.
    pub async fn start(config: NodeConfig) -> Result<Self, StartError> {
        let edge = Arc::new(Edge::new(&config.edge)?);
        let (data, journal) = Data::open(&config.data)?;
        let kernels = Kernels::open(&config.store, &config.data).await?;
        let listen_failed = |cause| StartError::Listen {
            address: config.listen,
            cause,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_failed)?;
        let address = listener.local_addr().map_err(listen_failed)?;
        let metrics = Metrics::new();
        let scraped = scraped(config.metrics, &metrics).await?;
        let capacity = config.capacity;
        let program = Program {
            worker: config.worker,
            image: config.image,
            memories: Memories::default(),
            kernels: capacity.kernels,
            // All of those that wait for a line are alive in it beside those that have a place.
            running: capacity.running + aside::AT_ONCE,
            required: config.workers.required.clone(),
            wear: WearLimits {
                runs: config.workers.runs_max,
                bytes: config.workers.memory_bytes / 4 * 3,
            },
            cgroup: config.workers.cgroup.clone(),
        };
        let guests = Guests::start(program, &config.workers, &metrics).await?;
        let workshop = Workshop {
            guests,
            kernels,
            room: Room::new(capacity.running, Patience::default()),
            asking: Semaphore::new(ask::AT_ONCE),
            metrics: metrics.clone(),
        };
        let runs = Runs::new(edge.clone(), journal, workshop, capacity).map_err(|cause| StartError::Data {
            folder: config.data,
            cause,
        })?;
        let server = Arc::new(Server {
            keys: Keys::new(edge.clone()),
            edge,
            runs,
            region: config.region,
            capacity,
        });
        Ok(Self {
            address,
            listener,
            server,
            drain: config.drain,
            idle: config.idle,
            _scraped: scraped,
            _data: data,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serve until `shutdown` is over. Then orders are refused, and runs may go on for as long as the configuration says; who asks for the node's
    /// health, cancels a run or looks on at one is answered until the end. A second later at most everything has ended.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let Self {
            listener,
            server,
            drain,
            idle,
            _scraped,
            _data,
            ..
        } = self;
        let lullaby = tokio::spawn({
            let runs = server.runs.clone();
            async move {
                loop {
                    sleep(idle / IDLE_LOOKS).await;
                    runs.guests().put_to_sleep(idle);
                }
            }
        });
        let prepared = tokio::spawn({
            let server = server.clone();
            async move { server.keys.prepare().await }
        });
        let mut accepting = pin!(server.clone().accept(listener));
        tokio::select! {
            () = &mut accepting => {}
            () = shutdown => {}
        }
        log::info("the node stops", json!({ "drain_s": drain.as_secs() }));
        lullaby.abort();
        prepared.abort();
        tokio::select! {
            () = accepting => {}
            () = server.runs.close(drain, FAREWELL) => {}
        }
    }
}

/// Answers scrapers for as long as the result is kept.
async fn scraped(address: Option<SocketAddr>, metrics: &Metrics) -> Result<JoinSet<()>, StartError> {
    let mut tasks = JoinSet::new();
    if let Some(address) = address {
        let failed = |cause| StartError::Metrics { address, cause };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        log::info("metrics are answered", json!({ "url": format!("http://{address}/metrics") }));
        tasks.spawn(metrics::server::serve(listener, metrics.clone()));
    }
    Ok(tasks)
}

/// Start a node, say on stdout where it listens (`selvedge-node ready at http://…`), and serve until `shutdown` is over.
///
/// # Errors
/// See [`StartError`].
pub async fn serve(config: NodeConfig, shutdown: impl Future<Output = ()>) -> Result<(), StartError> {
    let node = Node::start(config).await?;
    let mut output = std::io::stdout();
    // Whoever started us may not be listening; that does not concern the edge.
    let _ = writeln!(output, "selvedge-node ready at {}", node.url()).and_then(|()| output.flush());
    node.run(shutdown).await;
    Ok(())
}
