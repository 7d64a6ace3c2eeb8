//! The process that runs guests.

fn main() {}
