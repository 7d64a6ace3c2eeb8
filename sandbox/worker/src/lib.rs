//! The wall around the process that runs guests; the process itself is the program beside this library.
//!
//! It is a library so that a test can stand inside the very same wall and try to get out.

pub mod hardening;
