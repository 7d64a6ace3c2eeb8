//! What one person's runs take while others do their worst beside them: in a worker of another cordon, and in the same one.
//!
//! Real worker processes, spoken to as their node does. Rounds with an attack and rounds without take turns, so that whatever else the machine
//! does meets all of them.

use std::io::{BufReader, Read};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use selvedge_harness::{node::image_arguments, place};
use selvedge_protocol::worker::{FromWorker, KernelMemory, KernelStart, RunCell, ToWorker, read_frame, write_frame};
use selvedge_protocol::{OrderLimits, Status, Task};

use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 5;
/// Fresh runs of the victim in each round and beside each attack.
const RUNS: usize = 60;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(2);
/// Runs of the attacker at the same time.
const ATTACKERS: usize = 4;
/// For an attack to unfold.
const UNFOLDS: Duration = Duration::from_millis(100);

/// Names, and cells that are run again and again; true: each keeps what it makes in a kernel.
const ATTACKS: [(&str, &str, bool); 5] = [
    ("an endless loop", "while True: pass", false),
    ("a regular expression", "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')", false),
    ("large buffers", "while True: [bytearray(40_000_000) for _ in range(3)]", false),
    ("a flood of output", "while True: print('x' * 1000)", false),
    ("large checkpoints", "rows = [{'n': n, 'name': str(n)} for n in range(20000)]", true),
];

/// A worker process; ends with this value.
struct Worker {
    child: Child,
    talk: Arc<Mutex<Talk>>,
    /// The victim's runs that have ended.
    served: Receiver<Status>,
    /// Attackers' runs that have ended and were not begun anew.
    over: Receiver<()>,
}

/// What is said to it.
struct Talk {
    input: ChildStdin,
    number: u64,
    attack: Option<(&'static str, bool)>,
    /// Ids of the attackers' runs.
    attackers: Vec<String>,
}

impl Worker {
    fn start() -> Result<Self> {
        let mut child = Command::new(place::binary("selvedge-sandbox-worker")?)
            .args(image_arguments()?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let talk = Arc::new(Mutex::new(Talk {
            input: child.stdin.take().context("the worker has no stdin")?,
            number: 0,
            attack: None,
            attackers: Vec::new(),
        }));
        let mut output = BufReader::new(child.stdout.take().context("the worker has no stdout")?);
        ensure!(
            matches!(read_frame(&mut output)?, Some((FromWorker::Ready { .. }, _))),
            "the worker is not ready"
        );
        let ((serve, served), (end, over)) = (channel(), channel());
        let ears = talk.clone();
        // It ends with the worker.
        thread::spawn(move || while hear(&mut output, &ears, &serve, &end).is_some() {});
        Ok(Self { child, talk, served, over })
    }

    /// The victim's runs, one after the other.
    fn serve(&self, taken: &mut Vec<Duration>) -> Result<()> {
        for _ in 0..RUNS {
            let began = Instant::now();
            lock(&self.talk).run("victim", "print(1)", false)?;
            ensure!(self.served.recv()? == Status::Succeeded, "the victim's run failed");
            taken.push(began.elapsed());
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Attacks with this cell while `during` goes on.
    fn attacked<T>(&self, code: &'static str, keep: bool, during: impl FnOnce() -> Result<T>) -> Result<T> {
        {
            let mut talk = lock(&self.talk);
            talk.attack = Some((code, keep));
            (0..ATTACKERS).try_for_each(|_| talk.attack())?;
        }
        thread::sleep(UNFOLDS);
        let result = during();
        {
            let mut talk = lock(&self.talk);
            talk.attack = None;
            for run in talk.attackers.clone() {
                talk.say(&ToWorker::Cancel { run })?;
            }
        }
        for _ in 0..ATTACKERS {
            self.over.recv()?;
        }
        result
    }
}

impl Talk {
    fn say(&mut self, message: &ToWorker) -> Result<()> {
        Ok(write_frame(&mut self.input, message, &[])?)
    }

    fn attack(&mut self) -> Result<()> {
        let Some((code, keep)) = self.attack else { return Ok(()) };
        let run = self.run("attacker", code, keep)?;
        self.attackers.push(run);
        Ok(())
    }

    fn run(&mut self, whose: &str, code: &str, keep: bool) -> Result<String> {
        self.number += 1;
        let run = format!("{whose}{}", self.number);
        let kernel = keep.then(|| KernelStart {
            id: run.clone(),
            memory: KernelMemory::Empty,
            newest: 0,
        });
        self.say(&ToWorker::Run(RunCell {
            run: run.clone(),
            kernel,
            language: "python".to_owned(),
            environment: None,
            label: "main.py".to_owned(),
            code: code.to_owned(),
            task: Task::default(),
            stdin: None,
            interactive: false,
            limits: OrderLimits {
                wall_ms: 60_000,
                fuel: 1_000_000_000_000,
                memory_bytes: 256 << 20,
                output_bytes: 1 << 30,
            },
        }))?;
        Ok(run)
    }

    /// An attacker's run has ended. True: another one has begun.
    fn again(&mut self, run: &str) -> Result<bool> {
        self.attackers.retain(|attacker| attacker != run);
        self.say(&ToWorker::Forget { kernel: run.to_owned() })?;
        self.attack()?;
        Ok(self.attack.is_some())
    }
}

/// Takes what the worker says next; none at its end.
fn hear(output: &mut impl Read, talk: &Mutex<Talk>, serve: &Sender<Status>, end: &Sender<()>) -> Option<()> {
    match read_frame(output).ok()??.0 {
        FromWorker::Event { run, .. } => lock(talk).say(&ToWorker::Taken { run, events: 1 }).ok(),
        FromWorker::Ended { run, outcome, .. } if run.starts_with("victim") => serve.send(outcome.status).ok(),
        FromWorker::Ended { run, .. } => match lock(talk).again(&run).ok()? {
            true => Some(()),
            false => end.send(()).ok(),
        },
        _ => Some(()),
    }
}

fn lock(talk: &Mutex<Talk>) -> MutexGuard<'_, Talk> {
    talk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Alone, beside each attack in another worker, beside each attack in its own.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let (victim, other) = (Worker::start()?, Worker::start()?);
    // Once for nothing.
    victim.serve(&mut Vec::new())?;
    let mut alone = Vec::new();
    let mut beside: Vec<[Vec<Duration>; 2]> = ATTACKS.map(|_| Default::default()).into();
    for _ in 0..ROUNDS {
        for ((_, code, keep), [apart, together]) in ATTACKS.into_iter().zip(&mut beside) {
            victim.serve(&mut alone)?;
            other.attacked(code, keep, || victim.serve(apart))?;
            victim.attacked(code, keep, || victim.serve(together))?;
        }
    }
    let alone = Samples::milliseconds(&alone);
    recorder.times("selvedge", "fresh run alone", &alone, "")?;
    for ((name, ..), [apart, together]) in ATTACKS.iter().zip(&beside) {
        for (taken, place, bar) in [(apart, "another cordon", "<= 2"), (together, "the same worker", "")] {
            let taken = Samples::milliseconds(taken);
            let what = format!("beside {name} in {place}");
            recorder.times("selvedge", &what, &taken, "")?;
            let ratio = taken.quantile(0.99) / alone.quantile(0.99);
            recorder.figure("selvedge", &format!("{what}: p99 over alone"), ratio, "x", taken.len(), bar)?;
        }
    }
    Ok(())
}
