use crate::ask::{AskError, AskLimits, ask};
use crate::cancel::CancelToken;
use crate::cell::{CellEnd, CellRequest, Limits, Sink};
use crate::checkpoint::Checkpoint;
use crate::drive::{Stop, drive};
use crate::engine::{Engine, RestoreError};
use crate::failure;
use crate::host::{Interrupt, lock};
use crate::image::Image;
use crate::instance::{Idle, Instance};
use crate::request::Request;
use selvedge_protocol::{EventKind, RunFailure, Status};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// For what the guest does on our behalf before a cell; orders of magnitude more than it takes.
const PREPARATION_FUEL: u64 = 100_000_000;

/// Why a kernel cannot do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// A cell was stopped inside it, so its memory is that of a half-done step.
    #[error("this kernel was stopped in the middle of a cell; restore its last checkpoint")]
    Unusable,
}

/// Why a kernel was not forked.
#[derive(Debug, thiserror::Error)]
pub enum ForkError {
    /// It cannot do anything.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// There is no room for another one.
    #[error(transparent)]
    Restore(#[from] RestoreError),
}

/// A live interpreter that keeps variables between cells.
pub struct Kernel {
    engine: Engine,
    /// None while it is idle, or lost.
    instance: Option<Instance>,
    /// What it is while it has no instance.
    idle: Option<Box<Idle>>,
    /// No cell ran in this instance yet: its randomness is still that of the image or of the checkpoint.
    new: bool,
    usable: bool,
}

impl Kernel {
    pub(crate) fn new(engine: Engine, instance: Instance) -> Self {
        Self {
            engine,
            instance: Some(instance),
            idle: None,
            new: true,
            usable: true,
        }
    }

    /// Whether it can run cells: not after a limit, a crash or a cancelled cell, nor when a [`Kernel::run`] was abandoned. Then restore the
    /// checkpoint from before that cell.
    #[must_use]
    pub fn usable(&self) -> bool {
        self.usable && (self.instance.is_some() || self.idle.is_some())
    }

    /// What it runs: the name of its image is that of its language.
    #[must_use]
    pub fn image(&self) -> &Image {
        self.engine.image()
    }

    /// Linear memory in bytes.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        let idle = self.idle.as_ref().map_or(0, |idle| idle.memory.bytes());
        self.instance.as_ref().map_or(idle, |instance| instance.memory().len()) as u64
    }

    /// Runs a cell to its end, to a limit of `limits`, or until `cancel` is cancelled, and hands its events to `sink` as they happen.
    ///
    /// A cell that is cancelled is first interrupted, as by Ctrl-C: when it ends by that, what it did until then is kept, and the error says where it
    /// was. Otherwise it is stopped half a second later where it stands, and the kernel is not usable.
    ///
    /// Needs a Tokio runtime with timers. It gives way to other tasks about every millisecond.
    pub async fn run(&mut self, cell: &CellRequest, limits: &Limits, sink: &mut (dyn Sink + Send), cancel: &CancelToken) -> CellEnd {
        let began = Instant::now();
        self.wake().await;
        let flag = self.engine.interrupt();
        let Some(instance) = self.instance.as_mut().filter(|_| self.usable) else {
            return ended(Status::Failed, Some(failure::unusable()), None, began, sink);
        };
        if cancel.is_cancelled() {
            return ended(Status::Cancelled, None, None, began, sink);
        }
        let output = instance.store.data().shared_output();
        lock(&output).begin(limits.output_bytes);
        instance.store.data_mut().memory_limit.set(limits.memory_bytes);
        instance.store.data_mut().answers.clone_from(&cell.answers);
        // Until the guest has come to its end, its memory is in the middle of something, even if nobody polls this future again.
        self.usable = false;
        let began_cell = AtomicBool::new(false);
        let step = async {
            match instance.call(&Request::renew(self.new), PREPARATION_FUEL).await {
                Ok(0) => {}
                failed => return failed,
            }
            began_cell.store(true, Ordering::Relaxed);
            instance.store.data_mut().interrupt = flag.map(|flag| Interrupt::new(cancel.clone(), flag));
            let end = instance.call(&Request::run(cell), limits.fuel).await;
            if let Ok(0) = end {
                lock(&output).surface_last_words();
            }
            end
        };
        let outcome = drive(step, &output, sink, began + Duration::from_millis(limits.wall_ms), cancel).await;
        self.new = false;
        let interrupted = instance.is_interrupted();
        let (status, error) = match outcome {
            Ok(Ok(0)) => {
                self.usable = true;
                let error = lock(&output).take_error();
                let status = match &error {
                    None => Status::Succeeded,
                    Some(_) if interrupted => Status::Cancelled,
                    Some(_) => Status::Failed,
                };
                (status, error)
            }
            Ok(end) => (Status::Failed, Some(failure::of(end.err(), instance.store.data(), limits))),
            Err(Stop::Deadline) => (Status::TimedOut, Some(failure::wall(limits))),
            Err(Stop::Cancelled) => (Status::Cancelled, None),
        };
        // What the preparation left is of another measure.
        let fuel = if began_cell.load(Ordering::Relaxed) {
            limits.fuel.saturating_sub(instance.fuel_left())
        } else {
            0
        };
        let truncated = lock(&output).truncated();
        let began = began + lock(&output).waiting.total(Instant::now());
        let details = lock(&output).take_details().filter(|_| self.usable);
        CellEnd {
            fuel,
            truncated,
            ..ended(status, error, details, began, sink)
        }
    }

    /// Determines everything that its next cell sees of the world: randomness by `seed`, real time from `realtime` nanoseconds since 1970 on, the
    /// monotonic clock from where `start`, its newest checkpoint, has it (from zero when there is none: a fresh kernel). The same cell from the
    /// same start then does the same, with the same fuel, wherever it runs, unless it is stopped from outside.
    ///
    /// # Errors
    /// `Unusable`.
    pub async fn pin(&mut self, seed: [u8; 32], realtime: u64, start: Option<&Checkpoint>) -> Result<(), KernelError> {
        self.wake().await;
        let instance = self.instance.as_mut().filter(|_| self.usable).ok_or(KernelError::Unusable)?;
        let monotonic = start.map_or(0, |start| start.state().registers.monotonic);
        instance.store.data_mut().pin(seed, realtime, monotonic);
        self.new = true;
        Ok(())
    }

    /// Ends what [`Kernel::pin`] began: real time, and randomness that `entropy` seeds, which must be used once only.
    pub fn unpin(&mut self, entropy: [u8; 32]) {
        if let Some(instance) = &mut self.instance {
            instance.store.data_mut().unpin(entropy);
            self.new = true;
        }
    }

    /// Answers a question about its state, in JSON as `sandbox/guest-python/python/_selvedge_kernel/asks.py` understands it. A copy of the
    /// kernel answers, which is thrown away: whatever the user's own code does meanwhile, the kernel stays as it is.
    ///
    /// # Errors
    /// See [`AskError`].
    pub async fn ask(&mut self, question: &Value, limits: AskLimits) -> Result<Value, AskError> {
        // Its randomness is seen by nobody.
        let copy = self.fork([0; 32]).await.map_err(|error| match error {
            ForkError::Kernel(_) => AskError::Unusable,
            ForkError::Restore(_) => AskError::Full,
        })?;
        copy.answer(question, limits).await
    }

    /// As [`Kernel::ask`], by a kernel that is of no further use.
    ///
    /// # Errors
    /// See [`AskError`].
    pub async fn answer(mut self, question: &Value, limits: AskLimits) -> Result<Value, AskError> {
        self.wake().await;
        let instance = self.instance.as_mut().filter(|_| self.usable).ok_or(AskError::Unusable)?;
        let (answer, whole) = ask(instance, &question.to_string(), limits).await;
        self.usable = whole;
        answer
    }

    /// Its memory as it is now. Takes about 0.1 ms for a small kernel, half a millisecond per MiB that differs from the image.
    ///
    /// # Errors
    /// `Unusable`.
    pub fn checkpoint(&mut self) -> Result<Checkpoint, KernelError> {
        if let Some(idle) = &mut self.idle {
            return self.engine.checkpoint_idle(idle).map_err(|_| KernelError::Unusable);
        }
        let instance = self.instance.as_mut().filter(|_| self.usable).ok_or(KernelError::Unusable)?;
        let checkpoint = self.engine.checkpoint(instance);
        self.usable = checkpoint.is_ok();
        checkpoint.map_err(|_| KernelError::Unusable)
    }

    /// Another kernel that goes on where this one is, with randomness of its own. They share the memory that neither of them changes, so it takes
    /// a fraction of a millisecond, whatever this kernel holds: only the first fork after much has changed copies that once.
    ///
    /// # Errors
    /// See [`ForkError`].
    pub async fn fork(&mut self, entropy: [u8; 32]) -> Result<Self, ForkError> {
        let now = self.checkpoint()?;
        Ok(self.engine.restore(&now, entropy).await?)
    }

    /// Gives back what it does not need until its next cell, which is nearly everything: it stays as what differs from its image, a few hundred
    /// KiB at most for a small kernel. The next cell begins some tens of microseconds later.
    ///
    /// # Errors
    /// `Unusable`.
    pub fn trim(&mut self) -> Result<(), KernelError> {
        if self.idle.is_some() {
            return Ok(());
        }
        let instance = self.instance.take().filter(|_| self.usable).ok_or(KernelError::Unusable)?;
        let idle = self.engine.fold(instance).map_err(|_| KernelError::Unusable)?;
        self.idle = Some(Box::new(idle));
        Ok(())
    }

    /// Gives it an instance if it is idle. It is lost when that fails, which takes a machine without memory.
    async fn wake(&mut self) {
        if let Some(idle) = self.idle.take() {
            self.instance = self.engine.unfold(*idle).await.ok();
        }
    }
}

#[cfg(test)]
impl Kernel {
    pub(crate) fn instance(&self) -> &Instance {
        self.instance.as_ref().unwrap()
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        // Stopped in the middle of something, it is not worth the thought.
        if let Some(instance) = self.instance.take().filter(|_| self.usable) {
            self.engine.rest(instance);
        }
    }
}

fn ended(status: Status, error: Option<RunFailure>, details: Option<Value>, began: Instant, sink: &mut (dyn Sink + Send)) -> CellEnd {
    if let Some(mut data) = error.as_ref().and_then(|error| serde_json::to_value(error).ok()) {
        if let (Some(fields), Some(details)) = (data.as_object_mut(), details) {
            fields.insert("data".to_owned(), details);
        }
        sink.event(EventKind::Error, data);
    }
    CellEnd {
        status,
        fuel: 0,
        duration: began.elapsed(),
        error,
        truncated: false,
    }
}
