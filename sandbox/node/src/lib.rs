//! The regional execution node.
