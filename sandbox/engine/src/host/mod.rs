//! Everything that a guest can ask of the world outside its memory.
//!
//! The functions are those of WASI preview 1 that RustPython's runtime imports, over files in this process's memory, and those of module
//! `selvedge`.
//! An image that imports anything beside [`WASI_IMPORTS`], `emit` and [`INPUT_FUNCTIONS`] is refused when it is built; [`link`] defines exactly those.

mod clock;
mod emit;
mod entropy;
mod errno;
mod files;
mod guest_memory;
mod input;
mod interrupt;
mod memory_limit;
mod metering;
mod process;
mod sleep;
mod stdio;

pub use clock::Clock;
pub use entropy::Entropy;
pub use files::FilesLost;
pub use input::INPUT_FUNCTIONS;
pub(crate) use interrupt::Interrupt;
pub(crate) use memory_limit::MemoryLimit;
pub(crate) use metering::Meter;
pub use metering::{CHARGE_FUNCTION, FUEL_GLOBAL, TICK_FUNCTION};
pub(crate) use process::Exited;

use crate::answers::Answers;
use crate::output::Output;
use files::KeptFiles;
use selvedge_files::Files;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::{Linker, Memory};

/// The WASI functions that a guest may import, all of module `wasi_snapshot_preview1`.
pub const WASI_IMPORTS: &[&str] = &[
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_readdir",
    "fd_seek",
    "fd_sync",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
    "random_get",
    "sched_yield",
];

/// The module of [`WASI_IMPORTS`].
pub const WASI_MODULE: &str = "wasi_snapshot_preview1";
/// The module of the functions of our own: `emit` and [`INPUT_FUNCTIONS`].
pub const EMIT_MODULE: &str = "selvedge";
/// What takes a guest's output.
pub const EMIT_FUNCTION: &str = "emit";

/// The host's side of one instance.
pub struct Host {
    clock: Clock,
    entropy: Entropy,
    pub(crate) memory_limit: MemoryLimit,
    meter: Meter,
    pub(crate) memory: Option<Memory>,
    files: Files,
    kept: KeptFiles,
    /// How often its kernel was woken from a checkpoint, and its randomness drawn anew.
    pub(crate) generation: u64,
    output: Arc<Mutex<Output>>,
    stdin: Vec<u8>,
    /// Who answers when the running cell reads a line.
    pub(crate) answers: Option<Answers>,
    /// Who may wish that the running cell ends.
    pub(crate) interrupt: Option<Interrupt>,
    /// The line that came last, until the guest takes it.
    line: String,
}

impl Host {
    /// For an instance that has not run yet. `stdin` is what file descriptor 0 holds: only the guest's boot reads it, cells have their own.
    #[must_use]
    pub fn new(clock: Clock, entropy: Entropy, stdin: Vec<u8>) -> Self {
        Self {
            clock,
            entropy,
            memory_limit: MemoryLimit::default(),
            meter: Meter::default(),
            memory: None,
            files: Files::default(),
            kept: KeptFiles::default(),
            generation: 0,
            output: Arc::default(),
            stdin,
            answers: None,
            interrupt: None,
            line: String::new(),
        }
    }

    /// Tells the host where the instance keeps its memory. Until then every call that needs it answers `EFAULT`.
    pub fn attach(&mut self, memory: Memory) {
        self.memory = Some(memory);
    }

    /// Its kernel's files.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Gives its kernel these files. Files of one kernel that another one gets are shared until one of them writes.
    pub fn set_files(&mut self, files: Files) {
        self.files = files;
    }

    /// What the guest's runtime wrote to file descriptor 2 since the last call, for example why it panicked.
    pub fn take_last_words(&self) -> String {
        self.output().take_last_words()
    }

    pub(crate) fn shared_output(&self) -> Arc<Mutex<Output>> {
        Arc::clone(&self.output)
    }

    pub(crate) fn output(&self) -> MutexGuard<'_, Output> {
        lock(&self.output)
    }

    /// Everything that its kernel sees of the world is determined from here on: `seed` for its randomness, and a clock that goes on from these
    /// nanoseconds and moves only when it is looked at.
    pub(crate) fn pin(&mut self, seed: [u8; 32], realtime: u64, monotonic: u64) {
        self.entropy = Entropy::seeded(seed);
        self.clock = Clock::virtual_from(realtime, monotonic);
    }

    /// The world is the real one again.
    pub(crate) fn unpin(&mut self, seed: [u8; 32]) {
        self.entropy = Entropy::seeded(seed);
        self.clock = Clock::running_from(self.clock.monotonic());
    }

    pub(crate) fn monotonic(&self) -> u64 {
        self.clock.monotonic()
    }
}

/// Output is valid at every step, so a panic elsewhere does not spoil it.
pub(crate) fn lock(output: &Mutex<Output>) -> MutexGuard<'_, Output> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Defines every function that a guest may import.
///
/// # Errors
/// When `linker` has one of them already.
pub fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    clock::link(linker)?;
    emit::link(linker)?;
    entropy::link(linker)?;
    files::link(linker)?;
    input::link(linker)?;
    metering::link(linker)?;
    process::link(linker)?;
    sleep::link(linker)
}
