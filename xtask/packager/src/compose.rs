//! Composition: the imports of the first component that another one exports are wired to it; all others stay imports of the whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, plug};

/// Plug `plugs` into `socket`.
pub(crate) fn compose(out: &Path, socket: &Path, plugs: &[PathBuf]) -> Result<()> {
    let mut graph = CompositionGraph::new();
    let mut register = |path: &Path| -> Result<_> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().replace('_', "-"))
            .unwrap_or_default();
        let package = Package::from_bytes(&format!("part:{name}"), None, bytes, graph.types_mut())
            .with_context(|| format!("{} is not a component", path.display()))?;
        Ok(graph.register_package(package)?)
    };
    let socket = register(socket)?;
    let plugs = plugs.iter().map(|path| register(path)).collect::<Result<Vec<_>>>()?;
    plug(&mut graph, plugs, socket)?;
    let bytes = graph.encode(EncodeOptions::default())?;
    println!(
        "  {}: {} KiB",
        out.file_name().unwrap_or_default().to_string_lossy(),
        bytes.len() / 1024
    );
    crate::aot::write(out, &bytes)
}
