//! Shapes, service traits and host ports that the domains and the edge share.
//!
//! * [`shapes`]: the records of `wit/`, generated, so that a component boundary costs no conversion.
//! * [`service`]: what the domains offer ([`Auth`], [`Workspace`], [`Billing`]); the edge calls these, whether the domain is linked in or
//!   a component behind WIT imports.
//! * [`port`]: what a host provides to a domain ([`Sql`], [`Clock`], [`Entropy`], [`Settings`]) and to the edge ([`Http`], [`Log`]).

pub mod error;
pub mod fake;
pub mod id;
pub mod migrate;
pub mod port;
pub mod query;
pub mod service;
pub mod shapes;
mod split;

pub use port::{Clock, Entropy, Http, HttpRequest, HttpResponse, Log, Settings, Sql};
pub use service::{Auth, Billing, Workspace};
pub use shapes::{Error, ErrorKind, Id, Json, MicroCredits, TimestampMs};

/// Result of every service call.
pub type Result<T, E = Error> = std::result::Result<T, E>;
