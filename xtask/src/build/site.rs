//! Static files: the hydrating app, the editor bundle, the style sheet, each with its compressed forms beside it.

use anyhow::Result;

use super::native::tool;
use crate::cache::{Key, unless_made};
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
    let core = layout::target().join("wasm32-unknown-unknown/wasm/selvedge_browser.wasm");
    let app = layout::root().join("app-leptos");
    let compress = layout::root().join("xtask/src/build/compress.mjs");
    let key = Key::new("site 1")
        .files(&packager)?
        .files(&core)?
        .files(&app.join("editor"))?
        .files(&app.join("style"))?
        .files(&compress)?
        .files(&layout::root().join("package-lock.json"))?
        .finish();
    let module = pkg.join("selvedge_bg.wasm");
    unless_made(&module, &layout::target().join("site.made"), &key, || {
        step("bundle the site", || {
            command::run(
                command::command(&packager)
                    .args(["bindgen", "--mode", "web", "--name", "selvedge", "--out"])
                    .arg(&pkg)
                    .arg(&core),
            )?;
            optimise(&module, &[])?;
            command::run(command::node(&app.join("editor/build.mjs")).arg(&pkg))?;
            command::run(command::node(&compress).arg(&pkg))
        })
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
