//! `cargo xtask bench`.

use std::path::Path;

use anyhow::Result;

use crate::step::step;
use crate::{build, command, layout, peers, setup};

/// Suites that measure others beside us.
const WITH_PEERS: [&str; 2] = ["sandbox", "compute"];

/// What the suite `environment` imports.
const PACKAGES: [&str; 8] = [
    "--packages",
    "attrs==25.3.0 more-itertools==10.7.0 packaging==25.0 sortedcontainers==2.4.0",
    "--import",
    "attrs",
    "--import",
    "more_itertools",
    "--import",
    "packaging.version",
];

/// Build everything that the benchmarks drive, then run them.
pub(crate) fn run(suite: Option<&str>, json: Option<&Path>) -> Result<()> {
    setup::run(setup::Scope::Build)?;
    build::run(build::Part::Native)?;
    if suite.is_none_or(|suite| WITH_PEERS.contains(&suite)) {
        peers::prepare()?;
    }
    if suite.is_none_or(|suite| suite == "environment") {
        let image = build::environment::build(&PACKAGES.map(str::to_owned), &layout::target().join("bench/environment"));
        if let Err(error) = image {
            println!("left out: the environment image ({error:#})");
        }
    }
    step("compile the benchmarks", || {
        command::run(&mut command::cargo(&["build", "--release", "--quiet", "-p", "selvedge-bench"]))
    })?;
    let mut bench = command::command(layout::binaries().join("selvedge-bench"));
    bench.args(suite).env("SELVEDGE_ASSETS", layout::assets());
    if let Some(json) = json {
        bench.arg("--json").arg(std::path::absolute(json)?);
    }
    command::run(&mut bench)
}
