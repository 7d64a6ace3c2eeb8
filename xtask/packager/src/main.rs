//! Components, bundles and ahead-of-time code from compiled WebAssembly.

fn main() {}
