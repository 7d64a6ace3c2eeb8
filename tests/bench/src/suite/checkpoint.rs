//! A kernel's checkpoint as it is kept: packed, sealed and on disk, read and woken; and what one more small cell adds.

use std::time::Instant;

use anyhow::{Context, Result};
use selvedge_checkpoint::{KernelId, Local, ProjectKey, Retention, Store};

use super::guest;
use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 60;
/// What the kernel holds: almost nothing, and much with a generator that is half used.
const STATES: [State; 2] = [
    State {
        name: "small",
        make: "x = 41",
        check: "assert x + 1 == 42",
        taken: "p50 <= 0.3 ms",
        stored: "<= 100 KiB",
        durable: "p50 <= 3 ms",
        woken: "p50 <= 0.2 ms",
    },
    State {
        name: "20,000 dicts",
        make: "rows = [{'n': n, 'name': str(n)} for n in range(20000)]\nhalf = iter(rows)\nfor _ in range(10): next(half)",
        check: "assert next(half)['n'] == 10",
        taken: "",
        stored: "",
        durable: "p50 <= 15 ms",
        woken: "",
    },
];

/// A kernel's contents, and the bars.
struct State {
    name: &'static str,
    make: &'static str,
    check: &'static str,
    taken: &'static str,
    stored: &'static str,
    durable: &'static str,
    woken: &'static str,
}

/// Each state in turn. Durable is everything from the cell's end to its checkpoint on the disk of the folder for temporary files; what one flush of
/// that disk takes is beside it.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(16)?;
    let folder = tempfile::tempdir()?;
    let disk = Local::open(folder.path().join("kernels"))?;
    let store = Store::new(Box::new(disk), Retention::default(), || 0);
    let key = ProjectKey::new([7; 32]);
    for (index, state) in STATES.iter().enumerate() {
        let mut times = Times::default();
        for round in 0..ROUNDS {
            let kernel_id: KernelId = format!("krn_{:032x}", index * ROUNDS + round).parse()?;
            runtime.block_on(async {
                let mut kernel = engine.start([3; 32]).await?;
                guest::run(&mut kernel, state.make).await?;
                let began = Instant::now();
                let checkpoint = kernel.checkpoint()?;
                times.copied.push(began.elapsed());
                let (mut chain, packed) = engine.pack(&checkpoint)?;
                times.taken.push(began.elapsed());
                let newest = store.append(kernel_id, &key, None, &packed.bytes)?;
                times.durable.push(began.elapsed());
                times.stored = packed.bytes.len();

                guest::run(&mut kernel, "y = 1").await?;
                let began = Instant::now();
                let packed = engine.pack_after(&mut chain, &kernel.checkpoint()?)?;
                times.again.push(began.elapsed());
                store.append(kernel_id, &key, packed.is_delta.then_some(newest), &packed.bytes)?;
                times.again_durable.push(began.elapsed());
                times.again_stored = packed.bytes.len();

                let began = Instant::now();
                let kept = store.read(kernel_id, &key)?;
                let objects: Vec<_> = kept.objects.iter().map(Vec::as_slice).collect();
                let (_, checkpoint) = engine.unpack(&objects)?;
                let mut woken = engine.restore(&checkpoint, [4; 32]).await?;
                times.woken.push(began.elapsed());
                guest::run(&mut woken, state.check).await
            })?;
        }
        let State { name, .. } = state;
        let mut say =
            |what: &str, times: &[_], bar| recorder.times("selvedge", &format!("{name}: {what}"), &Samples::milliseconds(times), bar);
        say("checkpoint", &times.copied, "")?;
        say("checkpoint and pack", &times.taken, state.taken)?;
        say("durable", &times.durable, state.durable)?;
        say("one small cell later: checkpoint and pack", &times.again, "")?;
        say("one small cell later: durable", &times.again_durable, state.durable)?;
        say("wake from disk", &times.woken, state.woken)?;
        for (what, bytes, bar) in [
            ("stored", times.stored, state.stored),
            ("one small cell later: stored", times.again_stored, ""),
        ] {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            recorder.figure("selvedge", &format!("{name}: {what}"), bytes as f64 / 1024.0, "KiB", ROUNDS, bar)?;
        }
    }
    let mut flushes = Vec::new();
    for round in 0..ROUNDS {
        let path = folder.path().join(round.to_string());
        std::fs::write(&path, [1; 4096])?;
        let began = Instant::now();
        std::fs::File::open(&path)?.sync_all().context("the disk cannot be flushed")?;
        flushes.push(began.elapsed());
    }
    recorder.times("disk", "one flush of a small file", &Samples::milliseconds(&flushes), "")
}

/// What was measured of one state.
#[derive(Default)]
struct Times {
    copied: Vec<std::time::Duration>,
    taken: Vec<std::time::Duration>,
    durable: Vec<std::time::Duration>,
    again: Vec<std::time::Duration>,
    again_durable: Vec<std::time::Duration>,
    woken: Vec<std::time::Duration>,
    stored: usize,
    again_stored: usize,
}
