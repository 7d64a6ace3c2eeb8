//! Guest images: a compiled guest, initialised and compiled ahead of time. Cached by content, put in place whole.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::native::tool;
use crate::cache::Key;
use crate::step::step;
use crate::{command, layout};

/// The image `name` in `target/selvedge/images`, of the compiled `guest`; `sources` is what that boots with beside what is compiled into it.
///
/// The guest's bytes are what counts, not what it was made of: two compilations of the same sources may differ, and checkpoints belong to one.
pub(super) fn image(name: &str, guest: &Path, sources: Option<&Path>) -> Result<()> {
    let mut key = Key::new(&format!("{name} image 2")).files(guest)?;
    if let Some(sources) = sources {
        key = key.files(sources)?;
    }
    let key = key
        .files(&layout::root().join("sandbox/image"))?
        .files(&layout::root().join("sandbox/engine"))?
        .files(&layout::root().join("sandbox/protocol/src/limits.rs"))?
        .text(&wasmtime_version()?)
        .finish();
    let image = layout::cache().join("images").join(&key);
    if !image.join("manifest.json").is_file() {
        let builder = tool("selvedge-image")?;
        let fresh = layout::cache().join("images").join(format!("{key}.{}", std::process::id()));
        step(&format!("initialise the guest {name} and compile it ahead of time"), || {
            let mut build = command::command(builder);
            build.args(["--name", name]).arg("--guest").arg(guest).arg("--out").arg(&fresh);
            build.arg("--cache").arg(layout::cache().join("code"));
            if let Some(sources) = sources {
                build.arg("--sources").arg(sources);
            }
            command::run(&mut build)
        })?;
        if fs::rename(&fresh, &image).is_err() {
            // Another build put the same content there first.
            fs::remove_dir_all(&fresh).context("cannot remove a superseded image")?;
        }
    }
    let place = layout::assets().join("images").join(name);
    let built = fs::read(image.join("manifest.json")).context("the built image has no manifest.json")?;
    if fs::read(place.join("manifest.json")).is_ok_and(|present| present == built) && place.join("memory.img").is_file() {
        return Ok(());
    }
    let mut install = command::command(tool("selvedge-image")?);
    command::run(install.arg("install").arg("--from").arg(&image).arg("--out").arg(&place))
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
