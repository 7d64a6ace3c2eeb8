//! What the benchmarks are measured beside: other sandboxes and interpreters from the npm and Python registries, in `target/bench/peers`.
//! A peer that cannot be installed is left out and said, it fails nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache::{Key, copy_files};
use crate::step::step;
use crate::{command, layout};

/// Newest first: the Python peers need 3.12.
const PYTHONS: [&str; 3] = ["python3.14", "python3.13", "python3.12"];

/// Install them unless they are there.
pub(crate) fn prepare() -> Result<()> {
    let source = layout::root().join("tests/bench/peers");
    let place = layout::target().join("bench/peers");
    let key = Key::new("bench peers 1").files(&source)?.finish();
    let stamp = place.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == key) {
        return Ok(());
    }
    copy_files(&source, &place)?;
    let installed = [
        present("Pyodide and QuickJS", step("npm ci for the peers", || npm(&place))),
        present("pyeryx and pydantic-monty", step("pip install for the peers", || pip(&place))),
    ];
    if installed.contains(&false) {
        // Tried again the next time.
        return Ok(());
    }
    std::fs::write(&stamp, key).with_context(|| format!("cannot write {}", stamp.display()))
}

fn npm(place: &Path) -> Result<()> {
    command::run_quietly(
        command::command("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(place),
    )
}

fn pip(place: &Path) -> Result<()> {
    let python = python().context("no Python 3.12 or newer is on PATH")?;
    command::run_quietly(command::command(python).args(["-m", "venv", "venv"]).current_dir(place))?;
    command::run_quietly(
        command::command(place.join("venv/bin/pip"))
            .args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--only-binary",
                ":all:",
                "-r",
                "requirements.txt",
            ])
            .current_dir(place),
    )
}

/// The newest Python that answers: a version manager's shim may be on PATH without the version behind it.
fn python() -> Option<PathBuf> {
    let managed = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".pyenv")))
        .and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let managed = managed.into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let folders: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    let folders: Vec<PathBuf> = managed.chain(folders).collect();
    PYTHONS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|python| python.is_file() && command::read(command::command(python).arg("--version")).is_some())
}

fn present(peers: &str, result: Result<()>) -> bool {
    if let Err(error) = &result {
        println!("{peers} cannot be installed and are left out: {error:#}");
    }
    result.is_ok()
}
