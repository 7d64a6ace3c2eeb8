//! The engine with the real Python image. Where that is: `SELVEDGE_IMAGE`, or `target/selvedge/images/python` in the workspace.

mod cells;
mod checkpoints;
mod display;
mod errors;
mod fuel;
mod images;
mod lab;
mod limits;
mod recursion;
mod stdio;
