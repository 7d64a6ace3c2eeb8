//! `selvedge-node`: the regional execution node as a program.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use selvedge_node::{Capacity, NodeConfig, StoreOptions, Workers, serve};
use tokio::signal::unix::{SignalKind, signal};

/// Run the code that an edge sends, and report back to it.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Origin of the edge, for example http://127.0.0.1:3000.
    #[arg(long)]
    edge: String,
    /// Folder for the journal and for kernels' memory.
    #[arg(long)]
    data: PathBuf,
    /// Folder of a guest image, or of the folders of several.
    #[arg(long)]
    image: PathBuf,
    /// The program `selvedge-sandbox-worker`.
    #[arg(long)]
    worker: PathBuf,
    /// Runs in the interpreter at the same time [default: four per core].
    #[arg(long)]
    running: Option<usize>,
    /// Runs that wait beside those.
    #[arg(long)]
    waiting: Option<usize>,
    /// The same for each project.
    #[arg(long)]
    waiting_of_project: Option<usize>,
    /// What you call the place where this node stands.
    #[arg(long, default_value = "local")]
    region: String,
    /// Seconds for which runs may go on when the node is stopped.
    #[arg(long, default_value_t = 1)]
    drain: u64,
    /// Seconds after which an unused kernel goes to sleep.
    #[arg(long, default_value_t = 600)]
    idle: u64,
    /// Address that answers `GET /metrics` for Prometheus [default: none]
    #[arg(long)]
    metrics: Option<SocketAddr>,
    /// Kernels kept alive.
    #[arg(long)]
    kernels: Option<usize>,
    #[command(flatten)]
    store: StoreOptions,
    #[command(flatten)]
    workers: Workers,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let served = runtime.block_on(run(arguments));
    // A store that does not answer is not waited for: nobody was told that it has kept anything.
    runtime.shutdown_background();
    served
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments {
        listen,
        edge,
        data,
        image,
        worker,
        running,
        waiting,
        waiting_of_project,
        metrics,
        region,
        drain,
        idle,
        kernels,
        store,
        workers,
    } = arguments;
    let default = Capacity::default();
    let capacity = Capacity {
        running: running.unwrap_or(default.running).max(1),
        waiting: waiting.unwrap_or(default.waiting),
        waiting_of_project: waiting_of_project.unwrap_or(default.waiting_of_project),
        kernels: kernels.unwrap_or(default.kernels).max(1),
    };
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened for")?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    serve(
        NodeConfig {
            listen,
            edge,
            data,
            image,
            worker,
            capacity,
            region,
            drain: Duration::from_secs(drain),
            idle: Duration::from_secs(idle.max(1)),
            metrics,
            store,
            workers,
        },
        shutdown,
    )
    .await?;
    Ok(())
}
