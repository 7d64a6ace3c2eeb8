//! The native host.

fn main() {}
