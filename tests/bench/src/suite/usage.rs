//! What this process uses of the machine's memory.

use anyhow::{Context, Result};

/// In KiB.
pub(super) struct Usage {
    /// Proportional set size: every page that is mapped here counts once, however often it is mapped.
    pub(super) pss: f64,
    /// Page tables, which no set size counts.
    pub(super) tables: f64,
}

impl Usage {
    /// As it is now.
    pub(super) fn now() -> Result<Self> {
        Ok(Self {
            pss: field("/proc/self/smaps_rollup", "Pss:")?,
            tables: field("/proc/self/status", "VmPTE:")?,
        })
    }
}

fn field(file: &str, name: &str) -> Result<f64> {
    let text = std::fs::read_to_string(file).with_context(|| format!("the kernel offers no {file}"))?;
    let line = text
        .lines()
        .find(|line| line.starts_with(name))
        .with_context(|| format!("no {name} in {file}"))?;
    line.split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .with_context(|| format!("{name} is not a number"))
}
