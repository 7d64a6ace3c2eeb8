mod drive;
mod failure;
mod request;

use crate::cancel::CancelToken;
use crate::cell::{CellEnd, CellRequest, Limits, Sink};
use crate::checkpoint::{Checkpoint, Contents};
use crate::dirty::PAGE_BYTES;
use crate::engine::Engine;
use crate::host::{Host, lock};
use drive::{Stop, drive};
use request::Request;
use selvedge_protocol::{EventKind, RunFailure, Status};
use std::time::{Duration, Instant};
use wasmtime::{Global, Instance, Memory, Store, TypedFunc, Val};

/// A running guest gives way to others, and can be stopped, every so many units of fuel: somewhat less than a millisecond.
const YIELD_FUEL: u64 = 2_000_000;

/// For what the guest does on our behalf before a cell; orders of magnitude more than it takes.
const PREPARATION_FUEL: u64 = 100_000_000;

/// Why a kernel cannot do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// A cell was stopped inside it, so its memory is that of a half-done step.
    #[error("this kernel was stopped in the middle of a cell; restore its last checkpoint")]
    Unusable,
}

/// A live interpreter that keeps variables between cells.
pub struct Kernel {
    engine: Engine,
    store: Store<Host>,
    guest: Guest,
    globals: Vec<Global>,
    /// No cell ran in this instance yet: its randomness is still that of the image or of the checkpoint.
    new: bool,
    usable: bool,
}

/// What an instance exports.
#[derive(Clone)]
struct Guest {
    memory: Memory,
    request: TypedFunc<u32, u32>,
    handle: TypedFunc<(), i32>,
}

impl Kernel {
    pub(crate) fn new(engine: Engine, mut store: Store<Host>, instance: Instance) -> wasmtime::Result<Self> {
        let missing = |name: &str| wasmtime::Error::msg(format!("it exports no {name}"));
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| missing("memory"))?;
        let guest = Guest {
            memory,
            request: instance.get_typed_func(&mut store, "request")?,
            handle: instance.get_typed_func(&mut store, "handle")?,
        };
        let globals = engine
            .globals()
            .iter()
            .map(|name| instance.get_global(&mut store, name).ok_or_else(|| missing(name)))
            .collect::<wasmtime::Result<_>>()?;
        store.data_mut().attach(memory);
        store.fuel_async_yield_interval(Some(YIELD_FUEL))?;
        Ok(Self { engine, store, guest, globals, new: true, usable: true })
    }

    /// Whether it can run cells: not after a limit, a crash or a cancelled cell, nor when a [`Kernel::run`] was abandoned. Then restore the
    /// checkpoint from before that cell.
    #[must_use]
    pub fn usable(&self) -> bool {
        self.usable
    }

    /// Linear memory in bytes.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.guest.memory.data_size(&self.store) as u64
    }

    /// Runs a cell to its end, to a limit of `limits`, or until `cancel` is cancelled, and hands its events to `sink` as they happen.
    ///
    /// Needs a Tokio runtime with timers. It gives way to other tasks about every millisecond.
    pub async fn run(&mut self, cell: &CellRequest, limits: &Limits, sink: &mut (dyn Sink + Send), cancel: &CancelToken) -> CellEnd {
        let began = Instant::now();
        if !self.usable {
            return ended(Status::Failed, Some(failure::unusable()), began, sink);
        }
        if cancel.is_cancelled() {
            return ended(Status::Cancelled, None, began, sink);
        }
        let output = self.store.data().shared_output();
        lock(&output).begin(limits.output_bytes);
        self.store.data_mut().memory_limit.set(limits.memory_bytes);
        // Until the guest has come to its end, its memory is in the middle of something, even if nobody polls this future again.
        self.usable = false;
        let deadline = began + Duration::from_millis(limits.wall_ms);
        let outcome = drive(self.step(cell, limits.fuel), &output, sink, deadline, cancel).await;
        let (status, error) = match outcome {
            Ok(Ok(0)) => {
                self.usable = true;
                let error = lock(&output).take_error();
                (if error.is_some() { Status::Failed } else { Status::Succeeded }, error)
            }
            Ok(end) => (Status::Failed, Some(failure::of(end.err(), self.store.data(), limits))),
            Err(Stop::Deadline) => (Status::TimedOut, Some(failure::wall(limits))),
            Err(Stop::Cancelled) => (Status::Cancelled, None),
        };
        let fuel = limits.fuel.saturating_sub(self.store.get_fuel().unwrap_or(0));
        let truncated = lock(&output).truncated();
        CellEnd { fuel, truncated, ..ended(status, error, began, sink) }
    }

    async fn step(&mut self, cell: &CellRequest, fuel: u64) -> wasmtime::Result<i32> {
        self.store.set_fuel(PREPARATION_FUEL)?;
        self.guest.call(&mut self.store, &Request::renew(std::mem::take(&mut self.new))).await?;
        self.store.set_fuel(fuel)?;
        self.guest.call(&mut self.store, &Request::run(cell)).await
    }

    /// Its memory as it is now. Takes microseconds for a small kernel, about half a millisecond per MiB that differs from the image.
    ///
    /// # Errors
    /// `Unusable`.
    pub fn checkpoint(&mut self) -> Result<Checkpoint, KernelError> {
        if !self.usable {
            return Err(KernelError::Unusable);
        }
        let globals = self.globals.iter().map(|global| bits(&global.get(&mut self.store))).collect();
        let monotonic = self.store.data().monotonic();
        let memory = self.guest.memory.data(&self.store);
        Ok(Checkpoint::new(self.engine.contents(memory, globals, monotonic)))
    }

    /// Makes a fresh kernel's state that of `contents`.
    pub(crate) fn load(&mut self, contents: &Contents) -> wasmtime::Result<()> {
        let does_not_fit = || wasmtime::Error::msg("the checkpoint does not fit");
        let memory = self.guest.memory;
        let more = u64::from(contents.memory_pages).checked_sub(memory.size(&self.store)).ok_or_else(does_not_fit)?;
        memory.grow(&mut self.store, more)?;
        let bytes = memory.data_mut(&mut self.store);
        let (pages, _) = contents.data.as_chunks::<PAGE_BYTES>();
        for (number, page) in contents.pages.iter().zip(pages) {
            let place = bytes.get_mut(*number as usize * PAGE_BYTES..).and_then(<[u8]>::first_chunk_mut).ok_or_else(does_not_fit)?;
            *place = *page;
        }
        if self.globals.len() != contents.globals.len() {
            return Err(does_not_fit());
        }
        for (global, bits) in self.globals.iter().zip(&contents.globals) {
            let value = value(&global.get(&mut self.store), *bits).ok_or_else(does_not_fit)?;
            global.set(&mut self.store, value)?;
        }
        Ok(())
    }
}

impl Guest {
    async fn call(&self, store: &mut Store<Host>, request: &Request) -> wasmtime::Result<i32> {
        let bytes = request.bytes();
        let len = u32::try_from(bytes.len())?;
        let at = self.request.call_async(&mut *store, len).await?;
        self.memory.write(&mut *store, at as usize, bytes)?;
        self.handle.call_async(store, ()).await
    }
}

fn ended(status: Status, error: Option<RunFailure>, began: Instant, sink: &mut (dyn Sink + Send)) -> CellEnd {
    if let Some(data) = error.as_ref().and_then(|error| serde_json::to_value(error).ok()) {
        sink.event(EventKind::Error, data);
    }
    CellEnd { status, fuel: 0, duration: began.elapsed(), error, truncated: false }
}

fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(value.cast_unsigned()),
        Val::I64(value) => value.cast_unsigned(),
        Val::F32(bits) => u64::from(*bits),
        Val::F64(bits) => *bits,
        // The image builder refuses mutable globals of other types.
        _ => 0,
    }
}

/// `bits` as a value of the type that `like` has.
fn value(like: &Val, bits: u64) -> Option<Val> {
    Some(match like {
        Val::I32(_) => Val::I32(u32::try_from(bits).ok()?.cast_signed()),
        Val::I64(_) => Val::I64(bits.cast_signed()),
        Val::F32(_) => Val::F32(u32::try_from(bits).ok()?),
        Val::F64(_) => Val::F64(bits),
        _ => return None,
    })
}
