//! The HTTP API and the operations behind it. Knows HTTP, not the platform it runs on.

pub mod platform;

pub use platform::{Config, Platform, Streams};
