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
mod fuel;
mod hostile;
mod images;
mod input;
mod inspect;
mod lab;
mod limits;
mod recursion;
mod stdio;
mod variables;
