//! Builds a guest image.
//!
//! A guest comes from its compiler as a module that has still to boot. [`build`] boots it once and keeps the memory that it then has
//! ([`boot`], [`wizen`]), refuses what asks for more than guests get and prepares it for checkpoints ([`module`]), compiles it ahead of time with
//! the engine's own configuration, and writes it with a manifest that holds the hash of everything. The same guest and the same sources give the
//! same module, bit for bit.
//!
//! The compiler lives in this crate and in no process that runs guests.

mod boot;
mod build;
#[cfg(test)]
mod build_tests;
mod install;
mod metering;
mod module;
mod split;
mod wizen;

pub use build::{BuildError, Ingredients, Step, build};
pub use install::install;
