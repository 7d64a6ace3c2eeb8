//! Every file under `tests/hostile`, against real processes. `tests/hostile/README.md` says how to add one.
#![cfg(test)]

mod attacks;
mod canary;
mod case;
mod checkpoint;
mod drills;
#[path = "../../../sandbox/node/tests/node/edge.rs"]
#[allow(dead_code, reason = "the edge that the node's own tests play; not all of it is needed here")]
mod edge;
mod frames;
mod instances;
mod lane;
mod program;
mod report;
mod request;
mod wheel;
mod wire;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use selvedge_harness::place;

use case::Case;
use drills::Drill;
use lane::Lane;
use report::{Figures, Report};
use wire::Wire;

/// Cases that run at the same time, each on a node of its own: as many as there are cores, so that times are still theirs.
fn lanes() -> usize {
    std::env::var("SELVEDGE_HOSTILE_LANES")
        .ok()
        .and_then(|lanes| lanes.parse().ok())
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from).min(4))
}

/// What all trials share.
struct Stage {
    runtime: tokio::runtime::Runtime,
    /// Nodes that nobody is using.
    idle: Mutex<Vec<Lane>>,
    report: Mutex<Report>,
    started: AtomicUsize,
    /// A node could not be started: the others could not either.
    broken: AtomicBool,
}

/// This program.
pub(crate) static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

fn main() -> Result<ExitCode> {
    if let Some(case) = std::env::var_os(frames::IMPOSTOR) {
        return frames::impersonate(Path::new(&case)).map(|()| ExitCode::SUCCESS);
    }
    PROGRAM.get_or_init(|| std::env::current_exe().unwrap_or_default());
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(arguments.test_threads.unwrap_or_else(lanes));
    let began = Instant::now();
    let stage = Arc::new(Stage {
        runtime: tokio::runtime::Runtime::new()?,
        idle: Mutex::default(),
        report: Mutex::default(),
        started: AtomicUsize::new(0),
        broken: AtomicBool::new(false),
    });
    let folder = place::root().join("tests/hostile");
    let files = attacks::files(&folder)?;
    let mut trials: Vec<_> = files
        .iter()
        .map(|path| {
            let name = attacks::name(&folder, path);
            let (stage, path, named) = (stage.clone(), path.clone(), name.clone());
            Trial::test(name, move || stage.trial(&named, &path))
        })
        .collect();
    let shared = stage.clone();
    trials.push(Trial::test("tenancy/memory-of-fresh-instances", move || {
        let end = shared.runtime.block_on(instances::hold_nothing_of_others());
        end.map_err(|error| failed(&error))
    }));
    for drill in &drills::DRILLS {
        let stage = stage.clone();
        trials.push(Trial::test(format!("drills/{}", drill.name), move || stage.drill(drill)));
    }
    trials.push(Trial::test("every attack has a case", move || {
        attacks::are_all_covered(&folder, &files).map_err(|error| failed(&error))
    }));
    let listed = arguments.list;
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The nodes end before the figures are shown.
    lock(&stage.idle).clear();
    if !listed {
        lock(&stage.report).publish(began.elapsed())?;
    }
    Ok(conclusion.exit_code())
}

impl Stage {
    fn trial(&self, name: &str, path: &Path) -> Result<(), Failed> {
        let end = self.runtime.block_on(self.run(path));
        lock(&self.report).add(name, end.as_ref().ok().cloned());
        end.map(drop).map_err(|error| failed(&error))
    }

    fn drill(&self, drill: &Drill) -> Result<(), Failed> {
        let began = Instant::now();
        let end = self.runtime.block_on(async {
            let lane = Arc::new(
                Lane::start(&format!("hostile-{}", drill.name), None)
                    .await
                    .context("start a node")?,
            );
            let measured = (drill.run)(lane.clone()).await?;
            let recovery = lane.serves_the_next().await.context("after it, the next tenant")?;
            anyhow::Ok((measured, recovery))
        });
        let figures = end.as_ref().ok().map(|(_, recovery)| Figures {
            took: began.elapsed(),
            recovery: *recovery,
            ..Figures::default()
        });
        lock(&self.report).add(&format!("drills/{}", drill.name), figures);
        let (measured, _) = end.map_err(|error| failed(&error))?;
        lock(&self.report).note(drill.name, measured);
        Ok(())
    }

    async fn run(&self, path: &Path) -> Result<Figures> {
        if path.extension().is_some_and(|extension| extension == "toml") {
            return self.wire(path).await;
        }
        let case = Case::read(path)?;
        let lane = self.lane().await?;
        let end = program::run(&case, &lane).await;
        // A node that did not behave is not used again.
        if end.is_ok() {
            lock(&self.idle).push(lane);
        }
        end
    }

    async fn wire(&self, path: &Path) -> Result<Figures> {
        let wire = Wire::read(path)?;
        if wire.wants_its_own_node() {
            let name = path.file_stem().unwrap_or_default().display();
            return wire.run(&wire.own_node(&format!("hostile-{name}"), path).await?).await;
        }
        let lane = self.lane().await?;
        let end = wire.run(&lane).await;
        if end.is_ok() {
            lock(&self.idle).push(lane);
        }
        end
    }

    async fn lane(&self) -> Result<Lane> {
        let idle = lock(&self.idle).pop();
        if let Some(lane) = idle {
            return Ok(lane);
        }
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        ensure!(!self.broken.load(Ordering::Relaxed), "no node started; the first failure says why");
        let lane = Lane::start(&format!("hostile-{number}"), None).await.context("start a node");
        self.broken.fetch_or(lane.is_err(), Ordering::Relaxed);
        lane
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(error: &anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
