//! The Cloudflare Worker: one core module with its glue and shim; wrangler bundles them.

use std::path::Path;

use anyhow::{Result, bail};

use super::native::tool;
use super::site::optimise;
use crate::cache::{Key, replace, unless_made};
use crate::step::step;
use crate::{command, layout};

/// Largest gzip size of the module. Cloudflare takes 3 MB on the free plan; half of that is ours to keep.
const GZIP_BYTES_MAX: u64 = 1_500_000;

/// `target/selvedge/worker`.
pub(super) fn worker() -> Result<()> {
    let packager = tool("selvedge-packager")?;
    step("compile the Worker", || {
        command::run(
            command::cargo(&[
                "build",
                "--quiet",
                "--profile",
                "wasm",
                "--target",
                "wasm32-unknown-unknown",
                "-p",
                "selvedge-edge-worker",
            ])
            .env("WASM_BINDGEN_USE_JS_SYS", "1"),
        )
    })?;
    let core = layout::target().join("wasm32-unknown-unknown/wasm/selvedge_edge_worker.wasm");
    let own = layout::root().join("edge/worker");
    let out = layout::assets().join("worker");
    let key = Key::new("worker 1")
        .files(&packager)?
        .files(&core)?
        .files(&own.join("shim.mjs"))?
        .finish();
    let module = out.join("index_bg.wasm");
    unless_made(&module, &layout::target().join("worker.made"), &key, || {
        step("bundle the Worker", || {
            std::fs::create_dir_all(&out)?;
            command::run(
                command::command(&packager)
                    .args(["bindgen", "--mode", "worker", "--name", "index", "--out"])
                    .arg(&out)
                    .arg(&core),
            )?;
            // Its glue catches what JavaScript throws, to tell a panic from a refusal.
            optimise(&module, &["--enable-exception-handling"])?;
            replace(&own.join("shim.mjs"), &out.join("shim.mjs"))
        })
    })?;
    replace(&own.join("_headers"), &layout::assets().join("site/_headers"))?;
    check_size(&module)
}

/// Print the module's size; refuse it over the budget.
fn check_size(module: &Path) -> Result<()> {
    let gzip: u64 = command::read(command::command("sh").args(["-c", "gzip -9 -c \"$0\" | wc -c"]).arg(module))
        .and_then(|text| text.parse().ok())
        .unwrap_or(u64::MAX);
    println!(
        "  worker: {} KiB, gzip {} KiB",
        std::fs::metadata(module)?.len() / 1024,
        gzip / 1024
    );
    if gzip > GZIP_BYTES_MAX {
        bail!("the Worker's module is {gzip} bytes gzipped; the budget is {GZIP_BYTES_MAX}");
    }
    Ok(())
}
