//! JavaScript glue, by wasm-bindgen as a library.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use wasm_bindgen_cli_support::Bindgen;

/// Where the glue runs.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// A browser: an ES module that fetches the wasm file beside it
    Web,
    /// A Worker: the module is imported, and a panic can be recovered from by resetting the instance
    Worker,
}

/// Write `<name>.js` and `<name>_bg.wasm`.
pub(crate) fn generate(mode: Mode, name: &str, out: &Path, module: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(false);
    match mode {
        Mode::Web => bindgen.web(true)?,
        Mode::Worker => bindgen.reset_state_function(true).force_enable_abort_handler(true).module(true)?,
    };
    bindgen
        .generate(out)
        .with_context(|| format!("wasm-bindgen failed on {}", module.display()))?;
    if mode == Mode::Worker {
        // `import source` gives a WebAssembly.Module; in workerd a plain import of a .wasm file does, and wrangler's bundler knows only that.
        let glue = out.join(format!("{name}.js"));
        let text = fs::read_to_string(&glue)?;
        fs::write(&glue, text.replace("import source ", "import "))?;
    }
    Ok(())
}
