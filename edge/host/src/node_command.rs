//! `selvedge node`: an execution node in this program. The host starts its local node this way.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Signal, getppid, set_parent_process_death_signal};
use selvedge_node::{Capacity, NodeConfig, serve};

use crate::cli::NodeArgs;
use crate::config::Assets;
use crate::up::stop_asked;

/// Serve until asked to stop.
pub(crate) fn run(arguments: NodeArgs) -> Result<()> {
    if let Some(parent) = arguments.with_parent {
        end_with(parent)?;
    }
    let assets = Assets::find(&arguments.places)?;
    let data = match &arguments.places.data {
        Some(data) => data.clone(),
        None => crate::config::data_dir(&arguments.places)?.join("node"),
    };
    let default = Capacity::default();
    let config = NodeConfig {
        listen: arguments.listen,
        edge: arguments.edge,
        data,
        image: arguments.image.unwrap_or_else(|| assets.images()),
        worker: arguments.worker.unwrap_or_else(|| assets.worker()),
        capacity: Capacity {
            running: arguments.running.unwrap_or(default.running).max(1),
            waiting: arguments.waiting.unwrap_or(default.waiting),
            waiting_of_project: arguments.waiting_of_project.unwrap_or(default.waiting_of_project),
            kernels: arguments.kernels.unwrap_or(default.kernels).max(1),
        },
        region: arguments.region,
        drain: Duration::from_secs(arguments.drain),
        idle: NodeConfig::IDLE,
        metrics: arguments.metrics,
        store: arguments.store,
        workers: arguments.workers,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let served = runtime.block_on(async { serve(config, stop_asked()?).await.map_err(Into::into) });
    // A store that does not answer is not waited for: nobody was told that it has kept anything.
    runtime.shutdown_background();
    served
}

/// End when the process that started this one ends, however that happens.
fn end_with(parent: u32) -> Result<()> {
    set_parent_process_death_signal(Some(Signal::TERM)).context("cannot follow the parent process")?;
    // It may have ended before the line above.
    let present = getppid().map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
    if present != Some(parent) {
        bail!("the process that started this node has ended")
    } else {
        Ok(())
    }
}
