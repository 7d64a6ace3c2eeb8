//! The suites, one file each.

pub(crate) mod bucket;
pub(crate) mod checkpoint;
pub(crate) mod compute;
pub(crate) mod engine;
pub(crate) mod environment;
mod forks;
mod fresh;
mod guest;
pub(crate) mod http;
mod idle;
pub(crate) mod neighbours;
pub(crate) mod sandbox;
pub(crate) mod ssr;
mod states;
mod usage;
