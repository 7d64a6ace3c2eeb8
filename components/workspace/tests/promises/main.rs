//! What the workspace domain promises, on a real libSQL file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod kernels;
mod notebooks;
mod reports;
mod runs;
mod support;
