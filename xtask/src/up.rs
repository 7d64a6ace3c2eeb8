//! `cargo xtask up`: from a fresh checkout to a running product.

use anyhow::Result;

use crate::{build, command, layout, setup};

/// Set up, build, then become `selvedge up`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    setup::run(setup::Scope::Build)?;
    build::run(build::Part::Native)?;
    let mut selvedge = command::command(layout::binaries().join("selvedge"));
    selvedge.arg("up").args(arguments).env("SELVEDGE_ASSETS", layout::assets());
    // From here on this process is the server: signals reach it directly.
    use std::os::unix::process::CommandExt as _;
    Err(anyhow::Error::new(selvedge.exec()).context("cannot start the built binary"))
}
