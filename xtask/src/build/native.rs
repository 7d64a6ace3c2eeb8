//! Native binaries. Each group is one cargo call, because features unify within a call: the process that runs guests must not get a
//! compiler or the component model because a neighbour has them.

use std::path::PathBuf;

use anyhow::Result;

use crate::step::step;
use crate::{command, layout};

/// `selvedge`, `selvedge-node` and `selvedge-sandbox-worker`.
pub(super) fn binaries() -> Result<()> {
    step("compile the guest worker", || {
        command::run(&mut command::cargo(&[
            "build",
            "--quiet",
            "--release",
            "-p",
            "selvedge-sandbox-worker",
        ]))
    })?;
    step("compile the node", || {
        command::run(&mut command::cargo(&["build", "--quiet", "--release", "-p", "selvedge-node"]))
    })?;
    step("compile the native host", || {
        command::run(&mut command::cargo(&["build", "--quiet", "--release", "-p", "selvedge"]))
    })
}

/// A tool of ours, by its binary's name.
pub(super) fn tool(name: &str) -> Result<PathBuf> {
    // Together, so that both link the same build of the compiler.
    step("compile the packager and the image builder", || {
        command::run(&mut command::cargo(&[
            "build",
            "--quiet",
            "--release",
            "-p",
            "selvedge-packager",
            "-p",
            "selvedge-image",
        ]))
    })?;
    Ok(layout::binaries().join(name))
}
