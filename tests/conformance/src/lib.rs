//! One suite for every host: scenarios are files, `tests/api/scenarios/<area>/NNN-title.yaml`.
//!
//! * [`scenario`]: what such a file says.
//! * [`runner`]: does it against one host.
//! * [`matcher`], [`path`], [`template`]: expectations, places in JSON, variables.
//! * [`standing`]: what holds for every answer of every scenario and is therefore in none of them.

pub mod caller;
pub mod content_security;
pub mod matcher;
pub mod path;
pub mod runner;
pub mod scenario;
pub mod standing;
pub mod template;
