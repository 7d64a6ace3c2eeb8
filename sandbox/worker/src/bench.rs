//! Runs one cell: gets its kernel, passes on what it says, keeps what it leaves behind.

use std::sync::Arc;

use selvedge_checkpoint::{Chain, ChainError, Delta, split};
use selvedge_engine::{CellEnd, CellRequest, Checkpoint, Engine, Image, Kernel, RestoreError, Sink};
use selvedge_protocol::worker::{FromWorker, KernelMemory, RunCell};
use selvedge_protocol::{EventKind, Outcome, Receipt, RunFailure, Status, Task};
use serde_json::json;

use crate::certify::{self, Certified};
use crate::entropy::seed;
use crate::images::Images;
use crate::line::{Line, Mouth};
use crate::measure::{self, Measured};
use crate::words::{Words, now_ms};

/// Packing or unpacking more than this takes milliseconds, in which this thread could run other cells. Pages of a kernel that has changed less are
/// better hashed again after the next cell than kept in memory twice.
const AT_ONCE_BYTES: u64 = 1 << 20;

/// A kernel that is alive, and what the node keeps of it.
pub(crate) struct Live {
    pub(crate) kernel: Kernel,
    /// None: nothing.
    kept: Option<Kept>,
}

/// What the node keeps of a kernel.
struct Kept {
    /// The number of its newest checkpoint.
    number: u64,
    chain: Chain,
}

/// A cell to be run.
pub(crate) struct Job {
    /// What the node sent.
    pub(crate) cell: RunCell,
    /// What came attached.
    pub(crate) checkpoint: Vec<u8>,
    /// Stops it, answers it, lets it go on.
    pub(crate) line: Line,
}

/// What cells are run with.
pub(crate) struct Bench {
    pub(crate) images: Images,
    pub(crate) words: Arc<Words>,
}

/// Whether a kernel of the image `own` can run a cell for `wanted`: the same packages, or both without, in whatever version of the image.
fn fits(own: &Image, wanted: &Image) -> bool {
    let plain = |image: &Image| image.manifest().packages.is_empty();
    own.hash() == wanted.hash() || (own.manifest().name == wanted.manifest().name && plain(own) && plain(wanted))
}

/// Why a cell cannot begin.
pub(crate) enum NoKernel {
    Missing,
    Unreadable(String),
    Broken(String),
}

impl Bench {
    /// Run a cell to its last message; returns the kernel when it lives on.
    pub(crate) async fn run(&self, job: Job, live: Option<Live>) -> Option<Live> {
        let Job { cell, checkpoint, line } = job;
        let RunCell {
            run,
            kernel: start,
            language,
            environment,
            label,
            code,
            task,
            stdin,
            interactive,
            limits,
        } = cell;
        let (memory, newest) = start.map_or((None, 0), |start| (Some(start.memory), start.newest));
        let Some(engine) = self.images.choose(&language, environment.as_deref()) else {
            let (kind, what) = match environment {
                Some(hash) => ("EnvironmentMissing", format!("{language} with the packages of {hash}")),
                None => ("LanguageMissing", language),
            };
            self.fail(run, kind, format!("This node has no image of {what}. Nothing was run."));
            return live;
        };
        let mut live = match self.kernel(Some(engine), memory, newest, checkpoint, live).await {
            Ok(live) if fits(live.kernel.image(), engine.image()) => live,
            Ok(live) if live.kernel.image().manifest().name == language => {
                let message = "This kernel began with other packages, and keeps them. Nothing was run; use these in a kernel of its own.";
                self.fail(run, "KernelEnvironment", message.to_owned());
                return Some(live);
            }
            Ok(live) => {
                let own = &live.kernel.image().manifest().name;
                let message = format!(
                    "This kernel runs {own}, and a kernel has one language. Nothing was run; run {language} in a kernel of its own."
                );
                self.fail(run, "KernelLanguage", message);
                return Some(live);
            }
            Err(NoKernel::Missing) => {
                self.words.say(&FromWorker::Missing { run });
                return None;
            }
            Err(NoKernel::Unreadable(message)) => {
                self.words.say(&FromWorker::Unreadable { run, message });
                return None;
            }
            Err(NoKernel::Broken(message)) => {
                self.fail(run, "Crash", message);
                return None;
            }
        };
        let mut mouth = Mouth {
            words: &self.words,
            run: &run,
            window: &line.window,
        };
        mouth.event(EventKind::Started, json!({}));
        if let Task::Measure(how) = task {
            let what = Measured {
                engine: self.images.holding(live.kernel.image().hash()),
                kernel: &mut live.kernel,
                label,
                body: code,
                how,
                limits: &limits,
            };
            let outcome = measure::run(what, &mut mouth, &line.token).await;
            self.not_kept(run, outcome);
            return memory.is_some().then_some(live);
        }
        let cell = CellRequest {
            label,
            code,
            stdin,
            answers: interactive.then_some(line.answers),
        };
        let outcome = match task {
            Task::Certify(world) => {
                let what = Certified {
                    engine: self.images.holding(live.kernel.image().hash()),
                    // Before anything has run, it is as fresh as any other.
                    fresh: live.kept.is_none(),
                    run: &run,
                    world: &world,
                    limits: &limits,
                };
                match certify::run(what, &mut live.kernel, cell, &mut mouth, &line.token).await {
                    Ok((end, receipt)) => outcome(end, receipt),
                    Err(message) => {
                        self.fail(run, "Crash", message);
                        return None;
                    }
                }
            }
            Task::Run | Task::Measure(_) => outcome(live.kernel.run(&cell, &limits, &mut mouth, &line.token).await, None),
        };
        let lives_on = memory.is_some() && live.kernel.usable();
        if !lives_on {
            self.not_kept(run, outcome);
            return None;
        }
        self.words.say(&FromWorker::Stopped { run: run.clone() });
        match self.pack(&mut live).await {
            Ok((after, object)) => {
                let kept = true;
                self.words.say_with(&FromWorker::Ended { run, outcome, kept, after }, &object);
                // It may be idle for a long time now. One that is lost on the way is woken from what was just said.
                live.kernel.trim().is_ok().then_some(live)
            }
            Err(message) => {
                self.fail(run, "Crash", message);
                None
            }
        }
    }

    /// The kernel that a cell or a question begins with. What was kept decides on its image, whatever `engine` says; `newest` is its number.
    pub(crate) async fn kernel(
        &self,
        engine: Option<&Engine>,
        memory: Option<KernelMemory>,
        newest: u64,
        objects: Vec<u8>,
        live: Option<Live>,
    ) -> Result<Live, NoKernel> {
        let seed = seed().map_err(|error| NoKernel::Broken(error.to_string()))?;
        match memory {
            Some(KernelMemory::Alive) => {
                let mut live = live.ok_or(NoKernel::Missing)?;
                // What could not be kept would have been forgotten here as well.
                if let Some(kept) = &mut live.kept {
                    kept.number = newest;
                }
                Ok(live)
            }
            None | Some(KernelMemory::Empty) => {
                // What was alive under this name is not what the node wants.
                drop(live);
                let engine = engine.unwrap_or_else(|| self.images.first());
                let kernel = engine.start(seed).await.map_err(|error| NoKernel::Broken(error.to_string()))?;
                Ok(Live { kernel, kept: None })
            }
            Some(KernelMemory::Attached) => {
                drop(live);
                let (engine, chain, checkpoint) = self
                    .unpack(objects)
                    .await
                    .map_err(|error| NoKernel::Unreadable(error.to_string()))?;
                let kernel = engine.restore(&checkpoint, seed).await.map_err(|error| match error {
                    RestoreError::Engine(error) => NoKernel::Broken(error.to_string()),
                    RestoreError::ForeignImage { .. } | RestoreError::DoesNotFit => NoKernel::Unreadable(error.to_string()),
                })?;
                let kept = Some(Kept { number: newest, chain });
                Ok(Live { kernel, kept })
            }
        }
    }

    /// What the cell left behind, as an object, and the number of the checkpoint that it is told as a difference from.
    async fn pack(&self, live: &mut Live) -> Result<(Option<u64>, Vec<u8>), String> {
        let checkpoint = live.kernel.checkpoint().map_err(|error| error.to_string())?;
        let engine = self.images.holding(live.kernel.image().hash()).clone();
        let kept = live.kept.take();
        let small = checkpoint.changed_bytes() <= AT_ONCE_BYTES;
        let pack = move || {
            let (number, mut chain, packed) = match kept {
                Some(Kept { number, mut chain }) => {
                    let packed = engine.pack_after(&mut chain, &checkpoint)?;
                    (number, chain, packed)
                }
                None => {
                    let (chain, packed) = engine.pack(&checkpoint)?;
                    (0, chain, packed)
                }
            };
            if small {
                chain.slim();
            }
            let after = packed.is_delta.then_some(number);
            std::io::Result::Ok((Kept { number, chain }, after, packed.bytes))
        };
        let packed = if small {
            pack()
        } else {
            tokio::task::spawn_blocking(pack).await.map_err(|error| error.to_string())?
        };
        let (kept, after, object) = packed.map_err(|error| error.to_string())?;
        live.kept = Some(kept);
        Ok((after, object))
    }

    async fn unpack(&self, objects: Vec<u8>) -> Result<(Engine, Chain, Checkpoint), ChainError> {
        let first = split(&objects)?.into_iter().find(|object| !object.is_empty());
        let module = Delta::decode(first.ok_or(ChainError::Broken)?)?.registers.module;
        let engine = self.images.holding(&hex::encode(module)).clone();
        let unpack = move || {
            let (mut chain, checkpoint) = engine.unpack(&split(&objects)?)?;
            if checkpoint.changed_bytes() <= AT_ONCE_BYTES {
                chain.slim();
            }
            Ok((engine, chain, checkpoint))
        };
        // It only fails when the process ends.
        tokio::task::spawn_blocking(unpack).await.unwrap_or(Err(ChainError::Broken))
    }

    /// Nothing of what the run did stays.
    fn not_kept(&self, run: String, outcome: Outcome) {
        let (kept, after) = (false, None);
        self.words.say(&FromWorker::Ended { run, outcome, kept, after });
    }

    /// The run fails for a reason that is not its own.
    fn fail(&self, run: String, kind: &str, message: String) {
        let error = RunFailure {
            kind: kind.to_owned(),
            message,
            traceback: String::new(),
        };
        self.words.say(&FromWorker::Event {
            run: run.clone(),
            kind: EventKind::Error,
            at: now_ms(),
            data: json!(error),
        });
        let outcome = Outcome {
            status: Status::Failed,
            fuel: 0,
            duration_ms: 0,
            error: Some(error),
            truncated: false,
            receipt: None,
        };
        self.not_kept(run, outcome);
    }
}

fn outcome(end: CellEnd, receipt: Option<Receipt>) -> Outcome {
    let CellEnd {
        status,
        fuel,
        duration,
        error,
        truncated,
    } = end;
    Outcome {
        status,
        fuel,
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        error,
        truncated,
        receipt: receipt.map(Box::new),
    }
}
