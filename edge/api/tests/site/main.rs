//! The whole site over the real domains on a libSQL file, with a node and a clock that the tests hold in their hands.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod cells;
mod cookies;
mod csrf;
mod envelope;
mod events;
mod headers;
mod health;
mod kernels;
mod keys;
mod lines;
mod matrix;
mod receipts;
mod reports;
mod runs;
mod scratch;
mod world;
