//! Guest images: compile the interpreter, then initialise it and compile it ahead of time. Both steps are cached by content.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::native::tool;
use crate::cache::{Key, copy_files, replace};
use crate::step::step;
use crate::{command, layout};

/// SIMD and bulk memory pay in the interpreter's own loops; the shadow stack is deep enough that runaway recursion is a `RecursionError`.
const RUSTFLAGS: &str = "-C target-feature=+simd128,+bulk-memory -C link-arg=-zstack-size=8388608";
const TARGET: &str = "wasm32-wasip1";

/// The Python image in `target/selvedge/images/python`.
pub(super) fn python() -> Result<()> {
    let source = layout::root().join("sandbox/guest-python");
    let rustc = command::read(command::command("rustc").arg("--version")).unwrap_or_default();
    let guest_key = Key::new("python guest 1")
        .text(&rustc)
        .text(RUSTFLAGS)
        .files(&source.join("src"))?
        .files(&source.join("Cargo.toml"))?
        .files(&source.join("Cargo.lock"))?
        .finish();
    let image_key = Key::new("python image 1")
        .text(&guest_key)
        .files(&source.join("python"))?
        .files(&layout::root().join("sandbox/image"))?
        .files(&layout::root().join("sandbox/engine"))?
        .files(&layout::root().join("sandbox/protocol/src/limits.rs"))?
        .text(&wasmtime_version()?)
        .finish();
    let image = layout::cache().join("images").join(&image_key);
    if !image.join("manifest.json").is_file() {
        let guest = compiled(&guest_key, &source)?;
        let builder = tool("selvedge-image")?;
        let fresh = layout::cache().join("images").join(format!("{image_key}.{}", std::process::id()));
        step("initialise the Python guest and compile it ahead of time", || {
            command::run(
                command::command(builder)
                    .arg("--guest")
                    .arg(&guest)
                    .arg("--python")
                    .arg(source.join("python"))
                    .arg("--out")
                    .arg(&fresh),
            )
        })?;
        if fs::rename(&fresh, &image).is_err() {
            // Another build put the same content there first.
            fs::remove_dir_all(&fresh).context("cannot remove a superseded image")?;
        }
    }
    let place = layout::assets().join("images/python");
    let built = fs::read(image.join("manifest.json")).context("the built image has no manifest.json")?;
    if fs::read(place.join("manifest.json")).is_ok_and(|present| present == built) && place.join("image.cwasm").is_file() {
        return Ok(());
    }
    copy_files(&image, &place)
}

fn compiled(key: &str, source: &std::path::Path) -> Result<PathBuf> {
    let kept = layout::cache().join("guests").join(format!("{key}.wasm"));
    if kept.is_file() {
        return Ok(kept);
    }
    let target = layout::cache().join("guest-target");
    step("compile the Python guest (about five minutes, once)", || {
        command::run(
            command::cargo(&[
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--ignore-rust-version",
                "--target",
                TARGET,
            ])
            .current_dir(source)
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", RUSTFLAGS),
        )
    })?;
    replace(&target.join(TARGET).join("release/selvedge_guest_python.wasm"), &kept)?;
    Ok(kept)
}

/// The engine's version in the lock file: another one needs other ahead-of-time code.
fn wasmtime_version() -> Result<String> {
    let lock = fs::read_to_string(layout::root().join("Cargo.lock"))?;
    let version = lock
        .split("[[package]]")
        .find(|entry| entry.trim_start().starts_with("name = \"wasmtime\"\n"))
        .and_then(|entry| entry.lines().find(|line| line.starts_with("version")));
    Ok(version.context("Cargo.lock names no wasmtime")?.to_owned())
}
