//! Links the component with enough initial memory that rendering a page never grows it: each growth, and the way back when a pooled memory is
//! used again, is a system call that stops every thread of the host for a moment.

/// A page needs about 2 MiB. Untouched pages cost nothing.
const INITIAL_MEMORY_BYTES: u64 = 4 << 20;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=--initial-memory={INITIAL_MEMORY_BYTES}");
    }
}
