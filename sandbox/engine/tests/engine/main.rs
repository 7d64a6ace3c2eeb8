//! The engine with the real Python image. Where that is: `SELVEDGE_IMAGE`, or `target/selvedge/images/python` in the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod cells;
mod checkpoints;
mod complete;
mod display;
mod errors;
mod files;
mod forks;
mod frames;
mod fuel;
mod hints;
mod hostile;
mod images;
mod input;
mod inspect;
mod interrupts;
mod js_cells;
mod js_checkpoints;
mod js_hostile;
mod js_lab;
mod js_platform;
mod js_showing;
mod lab;
mod limits;
mod marimo;
mod recursion;
mod showing;
mod stdio;
mod variables;
