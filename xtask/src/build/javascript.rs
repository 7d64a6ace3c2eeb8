//! The JavaScript guest: QuickJS is C, so this needs a clang that makes WebAssembly.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::guest::remap;
use super::image::image;
use crate::cache::{Key, replace};
use crate::clang::{self, Clang};
use crate::step::step;
use crate::{command, layout};

/// As for Python. For WASI targets QuickJS goes without its check of the stack, so this target is the bare one.
const RUSTFLAGS: &str = "-C target-feature=+simd128,+bulk-memory -C link-arg=-zstack-size=8388608";
const CFLAGS: &str = "-msimd128 -mbulk-memory";
const TARGET: &str = "wasm32-unknown-unknown";

/// The image in `target/selvedge/images/javascript`.
pub(super) fn javascript() -> Result<()> {
    let source = layout::root().join("sandbox/guest-js");
    let clang = clang::find().context("clang with the WebAssembly target is missing; run: cargo xtask setup")?;
    let version = |program: &str| command::read(command::command(program).arg("--version")).unwrap_or_default();
    let key = Key::new("javascript guest 2")
        .text(&version("rustc"))
        .text(&version(&clang.compiler))
        .text(RUSTFLAGS)
        .text(CFLAGS)
        .files(&source.join("src"))?
        .files(&source.join("js"))?
        .files(&source.join("Cargo.toml"))?
        .files(&source.join("Cargo.lock"))?
        .finish();
    image("javascript", &compiled(&key, &source, &clang)?, None)
}

fn compiled(key: &str, source: &Path, clang: &Clang) -> Result<PathBuf> {
    let kept = layout::cache().join("guests").join(format!("{key}.wasm"));
    if kept.is_file() {
        return Ok(kept);
    }
    let target = layout::cache().join("guest-target-js");
    step("compile the JavaScript guest", || {
        command::run(
            command::cargo(&["build", "--quiet", "--locked", "--release", "--target", TARGET])
                .current_dir(source)
                .env("CARGO_TARGET_DIR", &target)
                .env("RUSTFLAGS", format!("{RUSTFLAGS} {}", remap(source)))
                .env("CC_wasm32_unknown_unknown", &clang.compiler)
                .env("AR_wasm32_unknown_unknown", &clang.archiver)
                .env("CFLAGS_wasm32_unknown_unknown", CFLAGS),
        )
    })?;
    replace(&target.join(TARGET).join("release/selvedge_guest_js.wasm"), &kept)?;
    Ok(kept)
}
