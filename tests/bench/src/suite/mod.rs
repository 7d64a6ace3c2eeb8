//! The suites, one file each.

pub(crate) mod checkpoint;
pub(crate) mod compute;
pub(crate) mod engine;
mod guest;
pub(crate) mod http;
pub(crate) mod memory;
pub(crate) mod sandbox;
pub(crate) mod ssr;
