//! Which modules of the standard library can be imported.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use crate::guest::{Guest, cell};

const IMPORTS: &str = include_str!("../guest/imports.py");
const WALL_MS: u64 = 60_000;

/// By name, why it cannot be imported; none when it can.
pub(crate) async fn run(guest: &Guest) -> Result<BTreeMap<String, Option<String>>> {
    let seen = cell(&mut guest.fresh().await?, IMPORTS, None, WALL_MS).await;
    // Modules may print when they are imported; ours is the last line.
    let line = seen
        .stdout
        .lines()
        .last()
        .with_context(|| format!("the imports said nothing: {seen:?}"))?;
    Ok(serde_json::from_str(line)?)
}
