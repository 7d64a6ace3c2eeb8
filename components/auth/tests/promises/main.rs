//! What the auth domain promises, on a real libSQL file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod forgery;
mod keys;
mod members;
mod runs;
mod sign_in;
mod signing_key;
mod support;
