//! Environment images: the Python guest with packages, by `selvedge-image environment`.

use std::path::Path;

use anyhow::Result;

use super::guest;
use super::native::tool;
use crate::{command, layout};

/// Build one into the folder `out`; `arguments` say which packages. The builder caches wheels and images by content.
pub(crate) fn build(arguments: &[String], out: &Path) -> Result<()> {
    let (module, sources) = guest::module()?;
    command::run(
        command::command(tool("selvedge-image")?)
            .arg("environment")
            .args(arguments)
            .arg("--guest")
            .arg(module)
            .arg("--sources")
            .arg(sources)
            .arg("--cache")
            .arg(layout::cache())
            .arg("--out")
            .arg(out),
    )
}
