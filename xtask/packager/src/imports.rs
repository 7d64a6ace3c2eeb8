//! What a component asks of its host.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasmparser::{Parser, Payload};

/// Interfaces of Spin 4.0, by the start of their names. Every WASI 0.2 release is compatible with the ones before it.
const SPIN: [&str; 8] = [
    "wasi:io/",
    "wasi:clocks/",
    "wasi:random/",
    "wasi:cli/",
    "wasi:http/",
    "wasi:filesystem/",
    "spin:sqlite/sqlite@3.0.0",
    // The variables whose functions a WASI 0.2 component can call; `spin:variables@3.0.0` is asynchronous.
    "fermyon:spin/variables@2.0.0",
];

/// Fail when the component imports anything else.
pub(crate) fn check_spin(component: &Path) -> Result<()> {
    let bytes = fs::read(component).with_context(|| format!("cannot read {}", component.display()))?;
    let imports = imports(&bytes)?;
    let offered = |name: &str| {
        let release = !name.starts_with("wasi:") || name.contains("@0.2");
        release && SPIN.iter().any(|start| name.starts_with(start))
    };
    let foreign: Vec<&str> = imports.iter().map(String::as_str).filter(|name| !offered(name)).collect();
    if !foreign.is_empty() {
        bail!(
            "{} imports what Spin 4.0 does not offer: {}",
            component.display(),
            foreign.join(", ")
        );
    }
    println!("  {} imports, all offered by Spin 4.0: {}", imports.len(), imports.join(" "));
    Ok(())
}

/// Names of the outermost component's imports.
fn imports(component: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.push(import?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}
