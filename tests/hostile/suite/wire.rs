//! Cases that are no programs, as TOML: what is sent to the node's port, to the worker, by a worker that somebody has taken over, or what
//! happens to a checkpoint. `tests/hostile/README.md` lists the keys.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use crate::checkpoint::Damage;
use crate::frames::{Impostor, ToTheWorker};
use crate::lane::Lane;
use crate::report::Figures;
use crate::request::{Raw, Request};
use crate::wheel::Wheel;

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Wire {
    /// For readers; it has to be there.
    #[serde(rename = "tries")]
    _tries: String,
    #[serde(default, rename = "attack")]
    pub(crate) attacks: Vec<String>,
    request: Option<Request>,
    raw: Option<Raw>,
    to_the_worker: Option<ToTheWorker>,
    impostor: Option<Impostor>,
    checkpoint: Option<Damage>,
    wheel: Option<Wheel>,
}

impl Wire {
    /// The case in this file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Ok(toml::from_str(&std::fs::read_to_string(path)?)?)
    }

    /// Needs a node of its own, because it ends its workers.
    pub(crate) const fn wants_its_own_node(&self) -> bool {
        self.impostor.is_some() || self.checkpoint.is_some()
    }

    /// A node for [`Wire::wants_its_own_node`].
    pub(crate) async fn own_node(&self, name: &str, path: &Path) -> Result<Lane> {
        let Some(program) = self.impostor.is_some().then(|| Impostor::program(path)).transpose()? else {
            return Lane::start(name, None).await;
        };
        let mut lane = Lane::start(name, Some(&program.path().join("worker"))).await?;
        lane._program = Some(program);
        Ok(lane)
    }

    /// Do it, and look at everybody else afterwards.
    pub(crate) async fn run(&self, lane: &Lane) -> Result<Figures> {
        let workers = lane.workers()?.len();
        let attack = async {
            let began = Instant::now();
            match self {
                Self {
                    request: Some(request), ..
                } => request.run(lane).await?,
                Self { raw: Some(raw), .. } => raw.run(lane).await?,
                Self {
                    to_the_worker: Some(frames),
                    ..
                } => frames.run().await?,
                Self {
                    impostor: Some(impostor), ..
                } => impostor.run(lane).await?,
                Self {
                    checkpoint: Some(damage), ..
                } => damage.run(lane).await?,
                Self { wheel: Some(wheel), .. } => wheel.run()?,
                _ => bail!("the case says nothing to do"),
            }
            anyhow::Ok(began.elapsed())
        };
        let (took, beside) = lane.beside(attack).await?;
        let took = took?;
        let recovery = lane.serves_the_next().await.context("after it, the next tenant")?;
        let replaced = lane.workers()?.len() - workers;
        ensure!(
            self.wants_its_own_node() || (replaced == 0 && beside.lost == 0),
            "the worker was replaced {replaced} times and the neighbour lost {} runs",
            beside.lost
        );
        lane.nothing_of(&[], &lane.log()?).context("in the node's log")?;
        lane.spy(&[]).await?;
        Ok(Figures {
            took,
            recovery,
            waits: beside.waits,
            ..Figures::default()
        })
    }
}
