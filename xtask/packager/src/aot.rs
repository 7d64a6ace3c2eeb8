//! Ahead-of-time compilation, so that the host starts at once and needs no compiler.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use wasmtime::Engine;

/// Compile a component with the host's own settings.
pub(crate) fn compile(out: &Path, component: &Path) -> Result<()> {
    let engine = Engine::new(&crate::engine_config::config()).map_err(failed)?;
    let bytes = fs::read(component).with_context(|| format!("cannot read {}", component.display()))?;
    let code = engine.precompile_component(&bytes).map_err(failed)?;
    println!(
        "  {}: {} KiB",
        out.file_name().unwrap_or_default().to_string_lossy(),
        code.len() / 1024
    );
    write(out, &code)
}

/// Write so that a running server keeps the file that it has mapped.
pub(crate) fn write(out: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(dir) = out.parent() {
        fs::create_dir_all(dir)?;
    }
    let fresh = out.with_extension("new");
    fs::write(&fresh, bytes).with_context(|| format!("cannot write {}", fresh.display()))?;
    Ok(fs::rename(fresh, out)?)
}

/// The runtime's error with its causes; it is not a standard error.
fn failed(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}
