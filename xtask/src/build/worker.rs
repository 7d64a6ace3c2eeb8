//! The Cloudflare Worker: one core module with its glue and shim; wrangler bundles them.

use anyhow::{Result, bail};

use super::native::tool;
use super::site::optimise;
use crate::cache::replace;
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
    step("bundle the Worker", || {
        let out = layout::assets().join("worker");
        std::fs::create_dir_all(&out)?;
        let core = layout::target().join("wasm32-unknown-unknown/wasm/selvedge_edge_worker.wasm");
        command::run(
            command::command(&packager)
                .args(["bindgen", "--mode", "worker", "--name", "index", "--out"])
                .arg(&out)
                .arg(core),
        )?;
        let module = out.join("index_bg.wasm");
        // Its glue catches what JavaScript throws, to tell a panic from a refusal.
        optimise(&module, &["--enable-exception-handling"])?;
        replace(&layout::root().join("edge/worker/shim.mjs"), &out.join("shim.mjs"))?;
        replace(
            &layout::root().join("edge/worker/_headers"),
            &layout::assets().join("site/_headers"),
        )?;
        let gzip: u64 = command::read(command::command("sh").args(["-c", "gzip -9 -c \"$0\" | wc -c"]).arg(&module))
            .and_then(|text| text.parse().ok())
            .unwrap_or(u64::MAX);
        println!(
            "  worker: {} KiB, gzip {} KiB",
            std::fs::metadata(&module)?.len() / 1024,
            gzip / 1024
        );
        if gzip > GZIP_BYTES_MAX {
            bail!("the Worker's module is {gzip} bytes gzipped; the budget is {GZIP_BYTES_MAX}");
        }
        Ok(())
    })
}
