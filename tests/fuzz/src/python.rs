//! Programs made of pieces of other programs, and programs that call everything on everything, run by the real engine: the host must never panic,
//! whatever becomes of the interpreter.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Image, PoolSize};
use selvedge_protocol::{OrderLimits, limits};
use serde_json::Value;

/// What tests of CPython expect around them.
const AROUND: &str = "
class _Any:
    def __getattr__(self, name): return _Any()
    def __call__(self, *a, **k):
        try: return a[1](*a[2:]) if len(a) > 1 and callable(a[1]) else _Any()
        except Exception: return _Any()
    def __enter__(self): return self
    def __exit__(self, *a): return True
    def __iter__(self): return iter(())
self = support = os_helper = import_helper = unittest = _Any()
import sys, re, itertools, collections, functools, io, struct, array, operator, math, random, json, pickle, copy, gc, weakref, types, string, time, datetime
";
/// Calls everything on everything, after `SEED = …`.
const CALLS: &str = include_str!("calls.py");
/// One program in so many is that one.
const CALLS_EVERY: usize = 4;

/// What tends to be missed at one edge or another.
const EDGES: [&str; 24] = [
    "-1",
    "0",
    "1",
    "2**31",
    "2**63",
    "2**64",
    "-2**63",
    "10**30",
    "float('nan')",
    "1e308",
    "''",
    "'\\ud800'",
    "b''",
    "b'\\xff'",
    "[]",
    "()",
    "{}",
    "None",
    "object()",
    "type",
    "...",
    "bytearray(3)",
    "memoryview(b'abc')[::-1]",
    "self",
];

/// How a run went.
#[derive(Debug, Default)]
pub struct Tally {
    /// Programs.
    pub programs: u64,
    /// By the type of the error; the empty name: none.
    pub ends: BTreeMap<String, u64>,
    /// Crashes of the interpreter that were new, as files.
    pub findings: Vec<PathBuf>,
}

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Makes and runs programs for so long. `sources` are folders with Python files; new crashes are kept in `found`.
///
/// # Errors
/// No image, no sources, or nothing can be kept.
pub fn run(image: &Path, sources: &[PathBuf], found: &Path, seed: u64, time: Duration) -> Result<Tally> {
    let snippets: Vec<String> = sources
        .iter()
        .flat_map(|folder| files(folder))
        .flat_map(|text| pieces(&text))
        .collect();
    ensure!(!snippets.is_empty(), "there are no Python files in {sources:?}");
    std::fs::create_dir_all(found)?;
    let engine = Engine::new(Image::open(image)?, PoolSize::kernels(4))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut dice, mut tally, mut seen) = (Dice(seed), Tally::default(), HashSet::new());
    let began = Instant::now();
    while began.elapsed() < time {
        let program = match dice.below(CALLS_EVERY) {
            0 => format!("SEED = {}\n{CALLS}", dice.next()),
            _ => mutated(&snippets, &mut dice),
        };
        let (kind, message) = runtime.block_on(end(&engine, &program, dice.next()))?;
        tally.programs += 1;
        if kind == "Crash" && seen.insert(message.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>()) {
            let path = found.join(format!("{seed}-{}.py", tally.programs));
            std::fs::write(&path, format!("# {message}\n{program}"))?;
            tally.findings.push(path);
        }
        *tally.ends.entry(kind).or_default() += 1;
    }
    Ok(tally)
}

/// The type and the message of the error with which a program ends.
async fn end(engine: &Engine, program: &str, seed: u64) -> Result<(String, String)> {
    let mut entropy = [0; 32];
    entropy.iter_mut().zip(seed.to_le_bytes()).for_each(|(place, byte)| *place = byte);
    let mut kernel = engine.start(entropy).await.context("start a kernel")?;
    let cell = CellRequest {
        label: "cell".to_owned(),
        code: program.to_owned(),
        ..CellRequest::default()
    };
    let bounds = OrderLimits {
        wall_ms: 800,
        fuel: limits::FUEL_MAX,
        memory_bytes: 160 << 20,
        output_bytes: 4096,
    };
    let mut nobody = |_: EventKind, _: Value| {};
    let end = kernel.run(&cell, &bounds, &mut nobody, &CancelToken::new()).await;
    Ok(end.error.map(|error| (error.kind, error.message)).unwrap_or_default())
}

fn files(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "py") {
            texts.extend(std::fs::read_to_string(path));
        }
    }
    texts
}

/// The bodies of a file's functions; a file without functions is one piece.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let indent = line.len() - line.trim_start().len();
        if !line.trim_start().starts_with("def test") {
            continue;
        }
        let mut body = String::new();
        let mut depth = None;
        while let Some(next) = lines.next_if(|next| next.trim().is_empty() || next.len() - next.trim_start().len() > indent) {
            let depth = *depth.get_or_insert(next.len() - next.trim_start().len());
            body.push_str(next.get(depth.min(next.len() - next.trim_start().len())..).unwrap_or_default());
            body.push('\n');
        }
        if (1..4000).contains(&body.len()) {
            pieces.push(body);
        }
    }
    if pieces.is_empty() && text.len() < 4000 {
        pieces.push(text.to_owned());
    }
    pieces
}

/// One to three snippets, with lines and values exchanged.
fn mutated(snippets: &[String], dice: &mut Dice) -> String {
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..=dice.below(3) {
        let Some(snippet) = dice.pick(snippets) else { continue };
        lines.extend(snippet.lines().map(str::to_owned));
    }
    for _ in 0..dice.below(8) {
        let at = dice.below(lines.len());
        match dice.below(5) {
            0 => drop((at < lines.len()).then(|| lines.remove(at))),
            1 => {
                let other = dice.below(lines.len());
                if at < lines.len() && other < lines.len() {
                    lines.swap(at, other);
                }
            }
            2 => {
                if let Some(line) = dice.pick(snippets).and_then(|snippet| snippet.lines().nth(dice.below(20))) {
                    lines.insert(at, line.to_owned());
                }
            }
            _ => {
                let edge = dice.pick(&EDGES).copied().unwrap_or("0");
                if let Some(line) = lines.get_mut(at) {
                    *line = exchanged(line, edge, dice);
                }
            }
        }
    }
    format!("{AROUND}{}\n", lines.join("\n"))
}

/// One word or number of the line is this value now.
fn exchanged(line: &str, value: &str, dice: &mut Dice) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: Vec<(usize, &str)> = line
        .split(|letter| !is_word(letter))
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
        .collect();
    let Some((at, word)) = dice.pick(&words) else {
        return line.to_owned();
    };
    let (front, rest) = line.split_at(*at);
    format!("{front}{value}{}", rest.get(word.len()..).unwrap_or_default())
}
