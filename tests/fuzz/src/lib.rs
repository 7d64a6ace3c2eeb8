//! Everything that reads bytes of strangers, each as one function: it is called with any bytes and must come back.
//!
//! `cargo xtask fuzz TARGET --seconds N` calls them with bytes that libFuzzer makes up; the tests here call them with the seeds under
//! `tests/fuzz/seeds/TARGET`, among them every input that was once a finding.

pub mod checkpoint;
pub mod frames;
pub mod order;
pub mod python;
pub mod wasi;
pub mod wheel;

#[cfg(test)]
mod tests;
