//! Instances, limits and checkpoints of guests.
//!
//! An [`Engine`] runs one [`Image`]: a guest interpreter that `sandbox/image` initialised and compiled ahead of time. [`Engine::start`] makes a
//! fresh [`Kernel`] in microseconds, [`Kernel::run`] runs a cell in it under [`Limits`], [`Kernel::checkpoint`] takes its memory at a cell
//! boundary, and [`Engine::restore`] makes a kernel from that, in this process or any other, on any machine.
//!
//! A guest's whole authority is the list of functions in [`host`]: it can print, read its standard input, ask for the time and for random
//! bytes, sleep, and use files that are a tree in this process's memory. There is no network, no file of the machine, and no compiler here.

mod answers;
mod ask;
mod cancel;
mod cell;
mod checkpoint;
mod config;
mod dirty;
mod drive;
mod engine;
mod failure;
pub mod host;
mod image;
mod instance;
mod kernel;
mod manifest;
mod memory;
#[cfg(test)]
mod memory_tests;
mod output;
mod request;
mod resting;
mod waiting;

pub use answers::Answers;
pub use ask::{AskError, AskLimits};
pub use cancel::CancelToken;
pub use cell::{CellEnd, CellRequest, Limits, Sink};
pub use checkpoint::Checkpoint;
pub use config::{CONFIG_ID, GUEST_PAGES_MAX, PoolSize, TABLE_ELEMENTS_MAX, config};
pub use engine::{Engine, EngineError, RestoreError};
pub use image::{Image, ImageError};
pub use kernel::{ForkError, Kernel, KernelError};
pub use manifest::{COMPILED_FILE, FileEntry, GLOBAL_PREFIX, MANIFEST_FILE, MEMORY_FILE, Manifest, PACKAGES_FILE};
pub use selvedge_protocol::{EventKind, RunFailure, Status};
