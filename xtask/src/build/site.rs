//! Static files: the hydrating app, the editor bundle, the style sheet, each with its compressed forms beside it.

use anyhow::Result;

use super::native::tool;
use crate::step::step;
use crate::{command, layout};

/// `target/selvedge/site/pkg`.
pub(super) fn site() -> Result<()> {
    let packager = tool("selvedge-packager")?;
    let pkg = layout::assets().join("site/pkg");
    std::fs::create_dir_all(&pkg)?;
    step("compile the app for the browser", || {
        command::run(&mut command::cargo(&[
            "build",
            "--quiet",
            "--profile",
            "wasm",
            "--target",
            "wasm32-unknown-unknown",
            "-p",
            "selvedge-browser",
        ]))
    })?;
    step("bundle the site", || {
        let core = layout::target().join("wasm32-unknown-unknown/wasm/selvedge_browser.wasm");
        command::run(
            command::command(&packager)
                .args(["bindgen", "--mode", "web", "--name", "selvedge", "--out"])
                .arg(&pkg)
                .arg(core),
        )?;
        optimise(&pkg.join("selvedge_bg.wasm"), &[])?;
        command::run(command::node(&layout::root().join("app-leptos/editor/build.mjs")).arg(&pkg))?;
        command::run(command::node(&layout::root().join("xtask/src/build/compress.mjs")).arg(&pkg))
    })
}

/// What every engine that we ship to has had for years; nothing newer, so that wasm-opt makes nothing that one of them refuses.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-multivalue",
];

/// Shrink a module in place. `more`: features that its one engine has and browsers may not.
pub(super) fn optimise(module: &std::path::Path, more: &[&str]) -> Result<()> {
    command::run_quietly(
        command::command(command::npm_bin("wasm-opt"))
            .arg("-Os")
            .args(FEATURES)
            .args(more)
            .arg(module)
            .arg("-o")
            .arg(module),
    )
}
