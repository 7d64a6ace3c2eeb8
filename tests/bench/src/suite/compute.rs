//! Pure Python: the programs of `tests/bench/programs` beside CPython and Pyodide, interleaved.
//!
//! Every contestant compiles a program anew and times its run from inside, with its own monotonic clock; ours does it in a fresh kernel. A
//! program's figure is the ratio of the medians, ours over theirs, and the suite's is the median of the programs'. All must come to one checksum.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use selvedge_engine::Engine;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::guest;
use crate::order::Shuffle;
use crate::peer::{Peer, Runtime as Program};
use crate::program;
use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 7;

enum How {
    Ours(Engine, Runtime),
    Peer(Peer),
}

struct Contestant {
    name: &'static str,
    bar: &'static str,
    how: How,
    /// Milliseconds by program.
    taken: BTreeMap<String, Vec<f64>>,
}

/// Every contestant runs every program in every round, in a new order each time.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let programs = programs()?;
    let mut contestants = contestants()?;
    let mut checksums = BTreeMap::new();
    let mut shuffle = Shuffle::new();
    for _ in 0..ROUNDS {
        for program in shuffle.order(programs.len()).into_iter().filter_map(|index| programs.get(index)) {
            let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            for index in shuffle.order(contestants.len()) {
                let Some(contestant) = contestants.get_mut(index) else { continue };
                let (ms, checksum) = contestant
                    .how
                    .measure(program)
                    .with_context(|| format!("{} on {}", program.display(), contestant.name))?;
                let expected = checksums.entry(name.clone()).or_insert_with(|| checksum.clone());
                ensure!(
                    *expected == checksum,
                    "{name}: {} comes to {checksum}, another to {expected}",
                    contestant.name
                );
                contestant.taken.entry(name.clone()).or_default().push(ms);
            }
        }
    }
    let Some((ours, others)) = contestants.split_first() else {
        return Ok(());
    };
    for (program, taken) in &ours.taken {
        let taken = Samples::new(taken.clone());
        recorder.times(ours.name, program, &taken, "")?;
        for other in others {
            let theirs = Samples::new(other.taken.get(program).cloned().unwrap_or_default());
            recorder.times(other.name, program, &theirs, "")?;
        }
    }
    for other in others {
        let ratios: Vec<(String, f64)> = ours
            .taken
            .iter()
            .filter_map(|(program, taken)| {
                let theirs = Samples::new(other.taken.get(program)?.clone());
                Some((program.clone(), Samples::new(taken.clone()).quantile(0.5) / theirs.quantile(0.5)))
            })
            .collect();
        for (program, ratio) in &ratios {
            recorder.figure("selvedge", &format!("{program}: over {}", other.name), *ratio, "x", ROUNDS, "")?;
        }
        let all = Samples::new(ratios.into_iter().map(|(_, ratio)| ratio).collect());
        let metric = format!("median over {}", other.name);
        recorder.figure("selvedge", &metric, all.quantile(0.5), "x", all.len(), other.bar)?;
    }
    Ok(())
}

fn programs() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "{} has no programs", folder.display());
    Ok(found)
}

/// Ours first.
fn contestants() -> Result<Vec<Contestant>> {
    let contestant = |name, bar, how| Contestant {
        name,
        bar,
        how,
        taken: BTreeMap::new(),
    };
    let mut all = vec![contestant("selvedge", "", How::Ours(guest::engine(4)?, guest::runtime()?))];
    for (name, bar, runtime, program) in [
        ("cpython", "<= 3.0", Program::Python, "cpython.py"),
        ("pyodide", "< 1.0", Program::Node, "pyodide.mjs"),
    ] {
        all.extend(Peer::start(runtime, program).map(|peer| contestant(name, bar, How::Peer(peer))));
    }
    Ok(all)
}

impl How {
    /// Milliseconds inside the program, and what it came to.
    fn measure(&mut self, path: &Path) -> Result<(f64, String)> {
        match self {
            Self::Ours(engine, runtime) => {
                let (ran, _) = runtime.block_on(program::run(engine, &fs::read_to_string(path)?))?;
                Ok((ran.ms, ran.checksum))
            }
            Self::Peer(peer) => {
                let answer = peer.ask(&json!({ "do": "program", "path": path }))?;
                let ms = answer.pointer("/ms/0").and_then(Value::as_f64);
                let checksum = answer.get("checksum").and_then(Value::as_str);
                ms.zip(checksum.map(str::to_owned)).with_context(|| answer.to_string())
            }
        }
    }
}
