//! `cargo xtask python-support`: run what Python promises and write what holds into `docs/python.md`.

use std::path::Path;

use anyhow::Result;

use crate::step::step;
use crate::{build, command, layout, setup};

/// `python`: one that has its `test` package, or CPython's own tests are left out.
pub(crate) fn run(python: Option<&Path>, only: Option<&str>, json: Option<&Path>) -> Result<()> {
    setup::run(setup::Scope::Build)?;
    build::run(build::Part::Guests)?;
    step("compile the support table's program", || {
        command::run(&mut command::cargo(&[
            "build",
            "--release",
            "--quiet",
            "-p",
            "selvedge-python-support",
        ]))
    })?;
    let mut table = command::command(layout::binaries().join("selvedge-python-support"));
    table.arg("--out").arg(layout::root().join("docs/python.md"));
    if let Some(python) = python {
        table.arg("--python").arg(python);
    }
    if let Some(only) = only {
        table.args(["--only", only]);
    }
    if let Some(json) = json {
        table.arg("--json").arg(std::path::absolute(json)?);
    }
    command::run(&mut table)
}
