//! The catalogue of attacks, and which cases stand for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::case::Case;
use crate::drills::DRILLS;
use crate::wire::Wire;

const CATALOGUE: &str = "attacks.toml";
/// Of the suite itself.
const OURS: [&str; 1] = ["suite"];

/// All case files, in order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for area in std::fs::read_dir(folder)? {
        let area = area?.path();
        if !area.is_dir() || OURS.iter().any(|ours| area.ends_with(ours)) {
            continue;
        }
        for file in std::fs::read_dir(&area)? {
            files.push(file?.path());
        }
    }
    files.sort();
    Ok(files)
}

/// `area/file`, without the folder and the extension.
pub(crate) fn name(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).with_extension("").display().to_string()
}

/// Every attack of the catalogue has a case, and no case names one that is not there.
pub(crate) fn are_all_covered(folder: &Path, files: &[PathBuf]) -> Result<()> {
    let text = std::fs::read_to_string(folder.join(CATALOGUE))?;
    let catalogue: BTreeMap<String, String> = toml::from_str(&text).context(CATALOGUE)?;
    let mut missing: BTreeSet<&str> = catalogue.keys().map(String::as_str).collect();
    for attack in DRILLS.iter().flat_map(|drill| drill.attacks) {
        missing.remove(attack);
    }
    for path in files {
        let attacks = if path.extension().is_some_and(|extension| extension == "toml") {
            Wire::read(path).map(|wire| wire.attacks)
        } else {
            Case::read(path).map(|case| case.attacks)
        };
        for attack in attacks.with_context(|| path.display().to_string())? {
            ensure!(
                catalogue.contains_key(&attack),
                "{} names the attack {attack:?}, which is not in {CATALOGUE}",
                path.display()
            );
            missing.remove(attack.as_str());
        }
    }
    ensure!(missing.is_empty(), "no case stands for {missing:?}");
    Ok(())
}
