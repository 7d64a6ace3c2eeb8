//! The edge as a WASI 0.2 HTTP component.
