//! What this process uses of the machine's memory.

use anyhow::{Context, Result};

/// In KiB.
pub(super) struct Usage {
    /// Proportional set size: what is mapped here, what is shared divided by how many share it.
    pub(super) pss: f64,
    /// Page tables, which no set size counts.
    pub(super) tables: f64,
    /// Memory in files that have no name, of the whole machine: what is shared is counted once, and whether or not it is mapped.
    files: f64,
}

impl Usage {
    /// As it is now.
    pub(super) fn now() -> Result<Self> {
        Ok(Self {
            pss: field("/proc/self/smaps_rollup", "Pss:")?,
            tables: field("/proc/self/status", "VmPTE:")?,
            files: field("/proc/meminfo", "Shmem:")?,
        })
    }

    /// Memory of this process that came to be since `before`: private pages and nameless files.
    pub(super) fn since(&self, before: &Self) -> f64 {
        (self.pss - before.pss) + (self.files - before.files)
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
