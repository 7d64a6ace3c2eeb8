//! `cargo xtask fuzz`: the targets of `tests/fuzz`, guided by coverage, with the stable compiler.
//!
//! Only the crates of this workspace are instrumented, by a wrapper around the compiler that Cargo uses for them alone: so everything else is
//! what was built for other purposes already.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context as _, Result, bail};

use crate::step::step;
use crate::{command, layout};

/// One for each kind of bytes that strangers send.
const TARGETS: [&str; 5] = ["wasi", "checkpoint", "frames", "order", "wheel"];
/// Programs, which are run, not read.
const PROGRAMS: &str = "python";

const WRAPPER: &str = r#"#!/bin/sh
# Written by `cargo xtask fuzz`.
exec "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
"#;

/// Fuzz one target, or all, one after the other, each for so long.
pub(crate) fn run(target: Option<&str>, seconds: u64) -> Result<()> {
    if let Some(unknown) = target.filter(|target| !TARGETS.contains(target) && *target != PROGRAMS) {
        bail!(
            "there is no fuzz target {unknown:?}; there are {} and {PROGRAMS}",
            TARGETS.join(", ")
        );
    }
    if target.is_none_or(|target| target == PROGRAMS) {
        programs(seconds)?;
    }
    if target == Some(PROGRAMS) {
        return Ok(());
    }
    if !["c++", "g++", "clang++"].iter().any(|compiler| command::on_path(compiler)) {
        println!("skipped: fuzzing needs a C++ compiler; install one with: apt-get install g++");
        return Ok(());
    }
    step("compile the fuzz targets", build)?;
    for name in TARGETS.iter().filter(|name| target.is_none_or(|target| target == **name)) {
        step(&format!("fuzz: {name}"), || fuzz(name, seconds))?;
    }
    Ok(())
}

/// Mixed from the corpus and from the tests that an installed Python carries.
fn programs(seconds: u64) -> Result<()> {
    step("compile the maker of programs", || {
        command::run(&mut command::cargo(&[
            "build",
            "--quiet",
            "--release",
            "-p",
            "selvedge-fuzz",
            "--bin",
            "fuzz-python",
        ]))
    })?;
    let mut sources = vec![layout::root().join("tests/hostile")];
    let tests = command::read(command::command("python3").args(["-c", "import test; print(test.__path__[0])"]));
    sources.extend(tests.map(Into::into));
    let seed = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
    step(&format!("run programs made of pieces, seed {seed}"), || {
        command::run(
            command::command(layout::binaries().join("fuzz-python"))
                .arg(layout::assets().join("images/python"))
                .arg(layout::root().join("tests/artifacts/fuzz/python"))
                .args([seconds.to_string(), seed.to_string()])
                .args(&sources),
        )
    })
}

fn build() -> Result<()> {
    let wrapper = layout::target().join("fuzz/rustc");
    fs::create_dir_all(layout::target().join("fuzz"))?;
    fs::write(&wrapper, WRAPPER)?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    let mut cargo = command::cargo(&["build", "--quiet", "--release", "-p", "selvedge-fuzz", "--features", "libfuzzer"]);
    // What is not a target has nothing in it that the instrumentation could report to.
    cargo.args(TARGETS.map(|name| format!("--bin=fuzz-{name}")));
    command::run(cargo.env("RUSTC_WORKSPACE_WRAPPER", wrapper))
}

fn fuzz(name: &str, seconds: u64) -> Result<()> {
    let corpus = layout::target().join("fuzz/corpus").join(name);
    let found = layout::root().join("tests/artifacts/fuzz").join(name);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    let prefix = format!("-artifact_prefix={}/", found.display());
    let binary = layout::binaries().join(format!("fuzz-{name}"));
    command::run(
        command::command(binary)
            .args([prefix.as_str(), &format!("-max_total_time={seconds}")])
            .args([
                "-print_final_stats=1",
                "-verbosity=0",
                "-rss_limit_mb=4096",
                "-timeout=20",
                "-max_len=65536",
            ])
            .arg(&corpus)
            .arg(layout::root().join("tests/fuzz/seeds").join(name)),
    )
    .with_context(|| {
        format!(
            "a finding is in {}; keep it as tests/fuzz/seeds/{name}/<what-it-is>, where the tests of selvedge-fuzz replay it",
            found.display()
        )
    })
}
