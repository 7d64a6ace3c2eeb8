//! Ours beside other sandboxes, interleaved in one run: a fresh isolated `print(1)`, and the state of a session with 20,000 dictionaries.
//!
//! What each contestant isolates with is part of its name: a fork without any isolation is no sandbox.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};
use selvedge_engine::Engine;
use serde_json::json;
use tokio::runtime::Runtime;

use super::guest;
use crate::order::Shuffle;
use crate::peer::{self, Peer, Runtime as Program};
use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 20;
const DICTS_ROUNDS: usize = 3;
const DICTS: &str = "rows = [{'n': n, 'name': str(n)} for n in range(20000)]";

/// Something that starts fresh interpreters.
struct Contestant {
    name: &'static str,
    /// Starts in each round: many of what is fast, few of what is slow.
    each: usize,
    how: How,
    taken: Vec<f64>,
    /// The first start of each turn: what ran before has left nothing of it in the processor's caches.
    cold: Vec<f64>,
}

enum How {
    Ours(Engine, Runtime),
    Process(Vec<String>),
    Peer(Peer),
}

impl Contestant {
    fn starts(&mut self) -> Result<()> {
        let before = self.taken.len();
        match &mut self.how {
            How::Ours(engine, runtime) => {
                for _ in 0..self.each {
                    let began = Instant::now();
                    runtime.block_on(async {
                        let mut kernel = engine.start([7; 32]).await?;
                        guest::run(&mut kernel, "print(1)").await
                    })?;
                    self.taken.push(began.elapsed().as_secs_f64() * 1e3);
                }
            }
            How::Process(line) => {
                for _ in 0..self.each {
                    let (program, arguments) = line.split_first().ok_or_else(|| anyhow::anyhow!("an empty command"))?;
                    let began = Instant::now();
                    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output()?;
                    self.taken.push(began.elapsed().as_secs_f64() * 1e3);
                    ensure!(output.stdout == b"1\n", "{program} did not print 1");
                }
            }
            How::Peer(peer) => self.taken.extend(peer.times(&json!({ "do": "fresh", "n": self.each }), "ms")?),
        }
        self.cold.extend(self.taken.get(before));
        Ok(())
    }
}

/// Every contestant in every round, in a new order each time.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    fresh(recorder)?;
    dicts(recorder)
}

fn fresh(recorder: &mut Recorder) -> Result<()> {
    let mut contestants = contestants()?;
    // Once for nothing: caches, pools.
    for contestant in &mut contestants {
        contestant.starts()?;
        contestant.taken.clear();
        contestant.cold.clear();
    }
    let mut shuffle = Shuffle::new();
    for _ in 0..ROUNDS {
        for index in shuffle.order(contestants.len()) {
            if let Some(contestant) = contestants.get_mut(index) {
                contestant.starts()?;
            }
        }
    }
    let mut ours = None;
    for contestant in contestants {
        let samples = Samples::new(contestant.taken);
        let bar = if ours.is_none() { "p50 <= 0.15 ms, p99 <= 0.5 ms" } else { "" };
        recorder.times(contestant.name, "fresh print(1)", &samples, bar)?;
        let cold = Samples::new(contestant.cold);
        recorder.times(contestant.name, "fresh print(1), first of its turn", &cold, "")?;
        match &ours {
            None => ours = Some(samples),
            Some(ours) => recorder.ratio(ours, &samples, contestant.name)?,
        }
    }
    Ok(())
}

fn contestants() -> Result<Vec<Contestant>> {
    let contestant = |name, each, how| Contestant {
        name,
        each,
        how,
        taken: Vec::new(),
        cold: Vec::new(),
    };
    let mut all = vec![contestant("selvedge: wasm", 100, How::Ours(guest::engine(16)?, guest::runtime()?))];
    if let Ok(python) = peer::python() {
        let python = python.to_string_lossy().into_owned();
        let line = |before: &[&str]| -> Vec<String> {
            let words = before.iter().copied().chain([python.as_str(), "-I", "-S", "-c", "print(1)"]);
            words.map(str::to_owned).collect()
        };
        all.push(contestant("cpython: process", 5, How::Process(line(&[]))));
        let bubblewrap = line(&[
            "bwrap",
            "--unshare-all",
            "--die-with-parent",
            "--ro-bind",
            "/",
            "/",
            "--dev",
            "/dev",
        ]);
        let works = |line: &[String]| match line {
            [program, arguments @ ..] => Command::new(program)
                .args(arguments)
                .output()
                .is_ok_and(|output| output.status.success()),
            [] => false,
        };
        if works(&bubblewrap) {
            all.push(contestant("bubblewrap + cpython: namespaces", 5, How::Process(bubblewrap)));
        } else {
            println!("  bubblewrap is left out: it is not installed or may not make namespaces here");
        }
    }
    for (name, each, runtime, program) in [
        ("cpython zygote: none (fork)", 20, Program::Python, "zygote.py"),
        ("pyeryx: wasm", 10, Program::Environment, "eryx_peer.py"),
        ("pydantic-monty: part of Python, process", 50, Program::Environment, "monty_peer.py"),
        ("pyodide from its snapshot: wasm in Node", 1, Program::Node, "pyodide.mjs"),
        ("quickjs-wasi: wasm in Node, JavaScript", 10, Program::Node, "quickjs.mjs"),
    ] {
        all.extend(Peer::start(runtime, program).map(|peer| contestant(name, each, How::Peer(peer))));
    }
    Ok(all)
}

fn dicts(recorder: &mut Recorder) -> Result<()> {
    let (runtime, engine) = (guest::runtime()?, guest::engine(16)?);
    let mut peers: Vec<(&str, Peer, Vec<f64>, Vec<f64>)> = [("pyeryx", "eryx_peer.py"), ("pydantic-monty", "monty_peer.py")]
        .into_iter()
        .filter_map(|(name, program)| Some((name, Peer::start(Program::Environment, program)?, Vec::new(), Vec::new())))
        .collect();
    let (mut taken, mut restored) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        let mut kernel = engine.start([3; 32]).await?;
        guest::run(&mut kernel, DICTS).await?;
        for _ in 0..DICTS_ROUNDS {
            for _ in 0..50 {
                let began = Instant::now();
                let checkpoint = kernel.checkpoint()?;
                taken.push(began.elapsed().as_secs_f64() * 1e3);
                let began = Instant::now();
                let mut other = engine.restore(&checkpoint, [4; 32]).await?;
                restored.push(began.elapsed().as_secs_f64() * 1e3);
                guest::run(&mut other, "assert len(rows) == 20000").await?;
            }
            for (_, peer, taken, restored) in &mut peers {
                let answer = peer.ask(&json!({ "do": "dicts", "n": 1 }))?;
                for (field, into) in [("checkpoint_ms", taken), ("restore_ms", restored)] {
                    into.extend(
                        answer
                            .get(field)
                            .and_then(|times| times.as_array())
                            .into_iter()
                            .flatten()
                            .filter_map(serde_json::Value::as_f64),
                    );
                }
            }
        }
        anyhow::Ok(())
    })?;
    recorder.times("selvedge", "20,000 dicts: checkpoint", &Samples::new(taken), "<= 4 ms")?;
    recorder.times("selvedge", "20,000 dicts: restore", &Samples::new(restored), "<= 3.5 ms")?;
    for (name, _, taken, restored) in peers {
        recorder.times(name, "20,000 dicts: checkpoint", &Samples::new(taken), "")?;
        recorder.times(name, "20,000 dicts: restore", &Samples::new(restored), "")?;
    }
    Ok(())
}
