//! Memory of an idle kernel that holds a 1,000-element list: proportional set size of this process before and after, over many kernels.

use anyhow::{Context, Result};

use super::guest;
use crate::record::Recorder;

const KERNELS: u32 = 300;

/// `Pss:` of this process in KiB.
fn pss_kib() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").context("the kernel offers no /proc/self/smaps_rollup")?;
    let line = text
        .lines()
        .find(|line| line.starts_with("Pss:"))
        .context("no Pss in smaps_rollup")?;
    line.split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .context("Pss is not a number")
}

/// All alive at once.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(KERNELS + 8)?;
    runtime.block_on(async {
        let mut first = engine.start([1; 32]).await?;
        guest::run(&mut first, "x = list(range(1000))").await?;
        let before = pss_kib()?;
        let mut alive = Vec::new();
        for _ in 0..KERNELS {
            let mut kernel = engine.start([2; 32]).await?;
            guest::run(&mut kernel, "x = list(range(1000))").await?;
            alive.push(kernel);
        }
        let each = (pss_kib()? - before) / f64::from(KERNELS);
        recorder.figure("selvedge", "idle kernel PSS", each, "KiB", alive.len(), "<= 1,024 KiB")
    })
}
