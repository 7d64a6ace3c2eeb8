//! `cargo xtask dist`: everything that a deployment needs, in one folder.

use std::fs;

use anyhow::Result;

use crate::cache::{copy_tree, replace};
use crate::step::step;
use crate::{build, layout, setup};

const BINARIES: [&str; 3] = ["selvedge", "selvedge-node", "selvedge-sandbox-worker"];
const COMPONENTS: [&str; 2] = ["platform.wasm", "platform.cwasm"];

/// Build and lay out `dist/`: `selvedge up` in it finds its assets beside itself.
pub(crate) fn run() -> Result<()> {
    setup::run(setup::Scope::Build)?;
    build::run(build::Part::All)?;
    step("lay out dist/", || {
        let dist = layout::root().join("dist");
        if dist.exists() {
            fs::remove_dir_all(&dist)?;
        }
        for name in BINARIES {
            replace(&layout::binaries().join(name), &dist.join(name))?;
        }
        let assets = layout::assets();
        for name in COMPONENTS {
            replace(&assets.join(name), &dist.join("assets").join(name))?;
        }
        copy_tree(&assets.join("images"), &dist.join("assets/images"))?;
        copy_tree(&assets.join("site"), &dist.join("assets/site"))?;
        copy_tree(&assets.join("worker"), &dist.join("worker"))?;
        replace(&assets.join("spin.wasm"), &dist.join("spin/spin.wasm"))?;
        copy_tree(&assets.join("site"), &dist.join("spin/site"))?;
        for name in ["LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            replace(&layout::root().join(name), &dist.join(name))?;
        }
        println!("  {}", dist.display());
        Ok(())
    })
}
