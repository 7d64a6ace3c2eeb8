//! Runs whose result anybody can check by running them again.
//!
//! A [`Certified`] run sees a determined world: its randomness comes from a seed, its clock moves only when it looks. Then code, start, input and
//! seed determine fuel, output and the state afterwards, and the [`Receipt`](selvedge_protocol::Receipt) says which these were. [`verify`] runs it
//! again and compares. Who says it is not the business of this crate: the edge signs receipts.

mod certified;
mod output;
mod verify;

pub use certified::{Certified, CertifyError};
pub use verify::{Refuted, Subject, about, compare, verify};
