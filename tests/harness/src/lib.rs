//! Starts and ends the real servers that tests talk to, and talks to them.
//!
//! Every server listens on a free loopback port, keeps its data in a directory of its own that goes away with it, writes its log to
//! `tests/artifacts/<name>.log` (kept), and is ended with its process group when its value is dropped.

pub mod client;
mod interrupt;
pub mod native;
pub mod node;
pub mod place;
pub mod process;
pub mod spin;
pub mod sqld;
pub mod sse;
pub mod workerd;

pub use client::{Answer, Call, Client};
pub use native::Native;
pub use node::Node;
pub use process::Process;
pub use spin::Spin;
pub use sqld::Sqld;
pub use sse::ServerEvent;
pub use workerd::Workerd;
