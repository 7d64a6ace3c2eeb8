//! The HTTP API and the operations behind it.
