//! Runs one cell: gets its kernel, passes on what it says, keeps what it leaves behind.

use std::sync::Arc;

use selvedge_engine::{CellEnd, CellRequest, Checkpoint, Kernel, RestoreError, Sink};
use selvedge_protocol::worker::{FromWorker, KernelMemory, RunCell};
use selvedge_protocol::{EventKind, Outcome, RunFailure, Status};
use serde_json::json;

use crate::entropy::seed;
use crate::images::Images;
use crate::line::{Line, Mouth};
use crate::words::{Words, now_ms};

/// Packing or unpacking more than this takes milliseconds, in which this thread could run other cells.
const AT_ONCE_BYTES: usize = 1 << 20;

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

/// Why a cell cannot begin.
pub(crate) enum NoKernel {
    Missing,
    Unreadable(String),
    Broken(String),
}

impl Bench {
    /// Run a cell to its last message; returns the kernel when it lives on.
    pub(crate) async fn run(&self, job: Job, live: Option<Kernel>) -> Option<Kernel> {
        let Job { cell, checkpoint, line } = job;
        let RunCell {
            run,
            kernel: start,
            language,
            label,
            code,
            stdin,
            interactive,
            limits,
        } = cell;
        let memory = start.map(|start| start.memory);
        if self.images.language(&language).is_none() {
            self.fail(
                run,
                "LanguageMissing",
                format!("This node has no image of {language}. Nothing was run."),
            );
            return live;
        }
        let mut kernel = match self.kernel(Some(&language), memory, checkpoint, live).await {
            Ok(kernel) if kernel.image().manifest().name == language => kernel,
            Ok(kernel) => {
                let own = &kernel.image().manifest().name;
                let message = format!(
                    "This kernel runs {own}, and a kernel has one language. Nothing was run; run {language} in a kernel of its own."
                );
                self.fail(run, "KernelLanguage", message);
                return Some(kernel);
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
        let cell = CellRequest {
            label,
            code,
            stdin,
            answers: interactive.then_some(line.answers),
        };
        let end = kernel.run(&cell, &limits, &mut mouth, &line.token).await;
        let outcome = outcome(end);
        let lives_on = memory.is_some() && kernel.usable();
        if !lives_on {
            self.words.say(&FromWorker::Ended { run, outcome, kept: false });
            return None;
        }
        self.words.say(&FromWorker::Stopped { run: run.clone() });
        match pack(&mut kernel).await {
            Ok(checkpoint) => {
                self.words.say_with(&FromWorker::Ended { run, outcome, kept: true }, &checkpoint);
                Some(kernel)
            }
            Err(message) => {
                self.fail(run, "Crash", message);
                None
            }
        }
    }

    /// The kernel that a cell or a question begins with. What was kept decides on its language, whatever `language` says.
    pub(crate) async fn kernel(
        &self,
        language: Option<&str>,
        memory: Option<KernelMemory>,
        checkpoint: Vec<u8>,
        live: Option<Kernel>,
    ) -> Result<Kernel, NoKernel> {
        let seed = seed().map_err(|error| NoKernel::Broken(error.to_string()))?;
        match memory {
            Some(KernelMemory::Alive) => live.ok_or(NoKernel::Missing),
            None | Some(KernelMemory::Empty) => {
                // What was alive under this name is not what the node wants.
                drop(live);
                let engine = language
                    .and_then(|name| self.images.language(name))
                    .unwrap_or_else(|| self.images.first());
                engine.start(seed).await.map_err(|error| NoKernel::Broken(error.to_string()))
            }
            Some(KernelMemory::Attached) => {
                drop(live);
                let checkpoint = unpack(checkpoint).await.map_err(NoKernel::Unreadable)?;
                let engine = self.images.holding(&checkpoint.image_hash());
                engine.restore(&checkpoint, seed).await.map_err(|error| match error {
                    RestoreError::Engine(error) => NoKernel::Broken(error.to_string()),
                    RestoreError::ForeignImage { .. } | RestoreError::DoesNotFit => NoKernel::Unreadable(error.to_string()),
                })
            }
        }
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
        };
        self.words.say(&FromWorker::Ended { run, outcome, kept: false });
    }
}

fn outcome(end: CellEnd) -> Outcome {
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
    }
}

async fn pack(kernel: &mut Kernel) -> Result<Vec<u8>, String> {
    let checkpoint = kernel.checkpoint().map_err(|error| error.to_string())?;
    if usize::try_from(checkpoint.changed_bytes()).is_ok_and(|bytes| bytes <= AT_ONCE_BYTES) {
        return Ok(checkpoint.to_bytes());
    }
    tokio::task::spawn_blocking(move || checkpoint.to_bytes())
        .await
        .map_err(|error| error.to_string())
}

async fn unpack(bytes: Vec<u8>) -> Result<Checkpoint, String> {
    let unpack = move || Checkpoint::from_bytes(&bytes).map_err(|error| error.to_string());
    tokio::task::spawn_blocking(unpack).await.map_err(|error| error.to_string())?
}
