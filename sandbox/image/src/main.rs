//! Builds a guest image: wizen, validate, compile ahead of time.

fn main() {}
