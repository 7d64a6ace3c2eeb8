//! CPython's own tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use selvedge_engine::Checkpoint;
use selvedge_harness::place;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::guest::{Guest, cell};

const UNPACK: &str = include_str!("../guest/unpack.py");
const COLLECT: &str = include_str!("../guest/collect.py");
const ONE: &str = include_str!("../guest/one.py");

const UNPACK_WALL_MS: u64 = 300_000;
const COLLECT_WALL_MS: u64 = 60_000;
/// A test that takes longer counts as failed.
const TEST_WALL_MS: u64 = 10_000;

/// What became of one module's tests.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Module {
    /// Why it could not be loaded; then there are no tests.
    pub(crate) broken: Option<String>,
    pub(crate) passed: usize,
    pub(crate) skipped: usize,
    /// By test, the last line of what it said.
    pub(crate) failed: BTreeMap<String, String>,
    /// By test: the limit that ended it, or the interpreter's crash, contained.
    pub(crate) ended: BTreeMap<String, String>,
}

impl Module {
    /// Tests that ran: the skipped ones say themselves that they are not for this platform.
    pub(crate) fn ran(&self) -> usize {
        self.passed + self.failed.len() + self.ended.len()
    }
}

/// All modules, and whose tests they are.
#[derive(Debug, Serialize)]
pub(crate) struct Suite {
    pub(crate) version: String,
    pub(crate) modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Collected {
    tests: Vec<String>,
    broken: Vec<String>,
}

pub(crate) async fn run(guest: &Guest, python: &Path, only: Option<&str>) -> Result<Suite> {
    let version = output(Command::new(python).args(["-c", "import platform; print(platform.python_version())"]))?;
    let names = output(Command::new(python).args(["-c", NAMES]))?;
    let packed = output(Command::new(python).arg(place::root().join("tests/python-support/guest/pack.py")))?;
    let mut kernel = guest.fresh().await?;
    let unpacked = cell(&mut kernel, UNPACK, Some(packed), UNPACK_WALL_MS).await;
    if let Some(failure) = unpacked.failure() {
        bail!("the tests could not be put into the guest: {failure}");
    }
    let base = Arc::new(kernel.checkpoint()?);
    drop(kernel);

    let places = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
    let mut tasks = JoinSet::new();
    for name in names.split_whitespace().filter(|name| only.is_none_or(|part| name.contains(part))) {
        let (guest, base, name, places) = (guest.clone(), base.clone(), name.to_owned(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire().await?;
            let result = module(&guest, &base, &name).await?;
            println!("{name}: {} of {} passed", result.passed, result.ran());
            anyhow::Ok((name, result))
        });
    }
    let mut modules = BTreeMap::new();
    while let Some(done) = tasks.join_next().await {
        let (name, result) = done??;
        modules.insert(name, result);
    }
    Ok(Suite { version, modules })
}

/// Names of test modules and of folders of them.
const NAMES: &str = "import os, test
root = os.path.dirname(test.__file__)
for name in sorted(os.listdir(root)):
    path = os.path.join(root, name)
    if name.startswith('test_') and (name.endswith('.py') or os.path.exists(os.path.join(path, '__init__.py'))):
        print(name.removesuffix('.py'))";

async fn module(guest: &Guest, base: &Checkpoint, name: &str) -> Result<Module> {
    let mut kernel = guest.restored(base).await?;
    let collected = cell(&mut kernel, &format!("MODULE = 'test.{name}'\n{COLLECT}"), None, COLLECT_WALL_MS).await;
    let broken = |why: String| Module {
        broken: Some(why),
        ..Module::default()
    };
    if let Some(failure) = collected.failure() {
        return Ok(broken(failure));
    }
    let line = collected.stdout.lines().last().unwrap_or_default();
    let Ok(Collected { tests, broken: errors }) = serde_json::from_str(line) else {
        return Ok(broken("its tests could not be listed".to_owned()));
    };
    if let (Some(why), true) = (errors.first(), tests.len() == errors.len()) {
        return Ok(broken(why.clone()));
    }
    let start = kernel.checkpoint()?;
    drop(kernel);
    let mut result = Module::default();
    for (index, test) in tests.into_iter().enumerate() {
        let mut kernel = guest.restored(&start).await?;
        let seen = cell(&mut kernel, &format!("INDEX = {index}\n{ONE}"), None, TEST_WALL_MS).await;
        let said = seen.stdout.lines().last().unwrap_or_default();
        match said.split_once(' ').unwrap_or((said, "")) {
            _ if seen.failure().is_some() => {
                result.ended.insert(test, seen.failure().unwrap_or_default());
            }
            ("passed", _) => result.passed += 1,
            ("skipped", _) => result.skipped += 1,
            (_, why) => {
                result.failed.insert(test, why.to_owned());
            }
        }
    }
    Ok(result)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed; its Python needs the `test` package: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
