//! Language and library features: each file is a small program that asserts what it is about; its first line says what that is.

use anyhow::{Context as _, Result};
use selvedge_harness::place;
use serde::Serialize;

use crate::guest::{Guest, cell};

const WALL_MS: u64 = 20_000;

/// One program.
#[derive(Debug, Serialize)]
pub(crate) struct Feature {
    pub(crate) title: String,
    /// Why it does not hold; none when it does.
    pub(crate) failure: Option<String>,
}

pub(crate) async fn run(guest: &Guest) -> Result<Vec<Feature>> {
    let folder = place::root().join("tests/python-support/features");
    let mut files: Vec<_> = std::fs::read_dir(&folder)?.collect::<std::io::Result<Vec<_>>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut features = Vec::new();
    for file in files {
        let code = std::fs::read_to_string(file.path())?;
        let title = code
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# "))
            .with_context(|| format!("{} has no title in its first line", file.path().display()))?;
        let seen = cell(&mut guest.fresh().await?, &code, None, WALL_MS).await;
        features.push(Feature {
            title: title.to_owned(),
            failure: seen.failure(),
        });
    }
    Ok(features)
}
