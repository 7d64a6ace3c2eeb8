//! The Python guest: compile the interpreter, then make its image. Both are cached by content.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::image::image;
use super::patched::patched;
use crate::cache::{Key, replace};
use crate::step::step;
use crate::{command, layout};

/// SIMD and bulk memory pay in the interpreter's own loops; the shadow stack is deep enough that runaway recursion is a `RecursionError`.
const RUSTFLAGS: &str = "-C target-feature=+simd128,+bulk-memory -C link-arg=-zstack-size=8388608";
const TARGET: &str = "wasm32-wasip1";

/// The Python image in `target/selvedge/images/python`.
pub(super) fn python() -> Result<()> {
    let (guest, sources) = module()?;
    image("python", &guest, Some(&sources))
}

/// The compiled guest, and the folder of what it boots with.
pub(super) fn module() -> Result<(PathBuf, PathBuf)> {
    let (guest_key, source) = key()?;
    Ok((compiled(&guest_key, &source)?, source.join("python")))
}

/// Of everything that the guest is compiled from, and where that is.
fn key() -> Result<(String, PathBuf)> {
    let source = layout::root().join("sandbox/guest-python");
    let rustc = command::read(command::command("rustc").arg("--version")).unwrap_or_default();
    let guest_key = Key::new("python guest 2")
        .text(&rustc)
        .text(RUSTFLAGS)
        .files(&source.join("src"))?
        .files(&source.join("Cargo.toml"))?
        .files(&source.join("Cargo.lock"))?
        .files(&source.join("patches"))?
        .finish();
    Ok((guest_key, source))
}

fn compiled(key: &str, source: &Path) -> Result<PathBuf> {
    let kept = layout::cache().join("guests").join(format!("{key}.wasm"));
    if kept.is_file() {
        return Ok(kept);
    }
    let target = layout::cache().join("guest-target");
    step("compile the Python guest (about five minutes, once)", || {
        let patched = patched(source, &layout::cache().join("guest-source"))?;
        // Cargo takes the patched crates for ours and would show what their authors' lints say. It asks the compiler what the target can make and reads
        // its warnings, so they may not be capped altogether.
        let flags = format!("{RUSTFLAGS} --cap-lints warn -Awarnings {}", remap(&patched.folder));
        command::run(
            command::cargo(&[
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--ignore-rust-version",
                "--target",
                TARGET,
                "--config",
                &patched.config(),
            ])
            .current_dir(&patched.folder)
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", flags)
            // What the frozen standard library takes for its own folder.
            .env("win_lib_path", "/python"),
        )
    })?;
    replace(&target.join(TARGET).join("release/selvedge_guest_python.wasm"), &kept)?;
    Ok(kept)
}

/// Nothing in a guest says where it was made.
pub(super) fn remap(folder: &Path) -> String {
    let rustc = |arguments: &[&str]| command::read(command::command("rustc").args(arguments)).unwrap_or_default();
    let version = rustc(&["-vV"]);
    let commit = version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "))
        .unwrap_or_default();
    let home = std::env::home_dir().unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    format!(
        "--remap-path-prefix {}=/guest --remap-path-prefix {}=/cargo --remap-path-prefix {}/lib/rustlib/src/rust=/rustc/{commit}",
        folder.display(),
        cargo.display(),
        rustc(&["--print", "sysroot"]),
    )
}
