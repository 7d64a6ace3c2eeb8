//! Messages between edge and node. JSON over HTTP; see `docs/node-protocol.md`.
//!
//! The edge places an [`Order`] at a node with a ticket that binds the body's SHA-256; the node runs it and sends [`Report`]s back to the
//! edge with the report token that came with the order. A node holds no other authority.

pub mod ask;
pub mod hardening;
pub mod id;
pub mod kernels;
pub mod limits;
pub mod order;
pub mod receipt;
pub mod report;
pub mod task;
pub mod worker;

pub use order::{Cordon, LANGUAGES, Order, OrderLimits, Seal, TicketClaims};
pub use receipt::{Certify, Receipt};
pub use report::{Event, EventKind, Outcome, Report, ReportReply, RunFailure, Status};
pub use task::{Measure, Task};
