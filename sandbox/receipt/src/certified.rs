use crate::output::Said;
use selvedge_engine::{CancelToken, CellEnd, CellRequest, Checkpoint, Engine, EventKind, Kernel, KernelError, Limits, Sink, Status};
use selvedge_protocol::{Certify, Receipt};
use serde_json::Value;
use std::task::{Context, Poll};

/// Why a run cannot be certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertifyError {
    /// The seed is not one.
    #[error("a seed is 64 lower-case hexadecimal digits")]
    Seed,
    /// The kernel cannot run.
    #[error(transparent)]
    Kernel(#[from] KernelError),
}

/// A run that is done in a determined world.
pub struct Certified<'a> {
    /// Whose image the kernel runs.
    pub engine: &'a Engine,
    /// `run_…`
    pub run: &'a str,
    /// Where it begins; none for a kernel in which nothing has run.
    pub start: Option<&'a Checkpoint>,
    /// Randomness and time.
    pub world: &'a Certify,
    /// What it may use.
    pub limits: &'a Limits,
}

impl Certified<'_> {
    /// Runs `cell`. The receipt is none when the run was stopped from outside, by time or by somebody: then another run may end otherwise.
    /// Nobody can answer a certified run's questions: standard input is in the request.
    ///
    /// Afterwards the kernel, if it is usable, is still in the determined world; [`Kernel::unpin`] ends that.
    ///
    /// # Errors
    /// See [`CertifyError`].
    pub async fn run(
        &self,
        kernel: &mut Kernel,
        cell: CellRequest,
        sink: &mut (dyn Sink + Send),
        cancel: &CancelToken,
    ) -> Result<(CellEnd, Option<Receipt>), CertifyError> {
        let mut seed = [0; 32];
        hex::decode_to_slice(&self.world.seed, &mut seed).map_err(|_| CertifyError::Seed)?;
        let realtime = self.world.time_ms.saturating_mul(1_000_000);
        kernel.pin(seed, realtime, self.start).await?;
        let (code, stdin) = (
            hash(cell.code.as_bytes()),
            hash(cell.stdin.as_deref().unwrap_or_default().as_bytes()),
        );
        let label = cell.label.clone();
        let mut listening = Listening { said: Said::new(), sink };
        let cell = CellRequest { answers: None, ..cell };
        let end = kernel.run(&cell, self.limits, &mut listening, cancel).await;
        let output = listening.said.finish();
        if !matches!(end.status, Status::Succeeded | Status::Failed) {
            return Ok((end, None));
        }
        let state = if kernel.usable() { Some(kernel.checkpoint()?) } else { None };
        let digest = |checkpoint: &Checkpoint| hex::encode(checkpoint.digest(self.engine));
        let receipt = Receipt {
            version: Receipt::VERSION,
            run: self.run.to_owned(),
            image: self.engine.image().hash().to_owned(),
            language: self.engine.image().manifest().name.clone(),
            label,
            code,
            stdin,
            start: self.start.map(digest),
            world: self.world.clone(),
            limits: *self.limits,
            status: end.status,
            fuel: end.fuel,
            output,
            end: state.as_ref().map(digest),
        };
        Ok((end, Some(receipt)))
    }
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Hashes what it passes on.
struct Listening<'a> {
    said: Said,
    sink: &'a mut (dyn Sink + Send),
}

impl Sink for Listening<'_> {
    fn event(&mut self, kind: EventKind, data: Value) {
        self.said.event(kind, &data);
        self.sink.event(kind, data);
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.sink.poll_ready(context)
    }
}
