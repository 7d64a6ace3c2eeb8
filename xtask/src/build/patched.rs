//! The Python guest's sources with our patches: a copy of its crate beside copies of the crates that `patches/` changes.
//!
//! `patches/<crate>-<version>/NNNN-title.patch` apply in order to the crate of that name and version as the registry has it. Cargo is pointed at
//! the result by path; names and versions stay, and so does the lock file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::cache::{copy_tree, replace};
use crate::command;

/// A folder that is ready to be compiled.
pub(super) struct Patched {
    /// Where the guest's `Cargo.toml` is.
    pub(super) folder: PathBuf,
    /// The patched crates in it.
    pub(super) crates: Vec<PathBuf>,
}

impl Patched {
    /// What makes Cargo use the patched crates.
    pub(super) fn config(&self) -> String {
        let paths: Vec<String> = self.crates.iter().map(|path| format!("{:?}", path.display().to_string())).collect();
        format!("paths=[{}]", paths.join(","))
    }
}

/// Makes `folder` anew from the guest in `source`.
pub(super) fn patched(source: &Path, folder: &Path) -> Result<Patched> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for file in ["Cargo.toml", "Cargo.lock"] {
        replace(&source.join(file), &folder.join(file))?;
    }
    copy_tree(&source.join("src"), &folder.join("src"))?;
    let metadata = command::read(
        command::cargo(&["metadata", "--format-version", "1", "--locked", "--quiet", "--manifest-path"]).arg(folder.join("Cargo.toml")),
    )
    .context("cargo metadata fails for the Python guest; see what it says in sandbox/guest-python")?;
    let mut crates = Vec::new();
    for (name, patches) in sorted(&source.join("patches"))? {
        let from = registry(&metadata, &name).with_context(|| {
            format!("sandbox/guest-python/patches/{name} is for a crate that Cargo.lock does not have; adapt the patches")
        })?;
        let to = folder.join("crates").join(&name);
        copy_tree(&from, &to)?;
        for (patch, path) in sorted(&patches)? {
            apply(&path, &to).with_context(|| format!("patches/{name}/{patch} does not apply to {name}; adapt it"))?;
        }
        crates.push(to);
    }
    Ok(Patched {
        folder: folder.to_owned(),
        crates,
    })
}

/// What is in a folder, by name.
fn sorted(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}

/// Where Cargo keeps the crate `name` (`crate-1.2.3`), from what `cargo metadata` says.
fn registry(metadata: &str, name: &str) -> Option<PathBuf> {
    let end = format!("/{name}/Cargo.toml\"");
    let at = metadata.find(&end)?;
    let begin = metadata.get(..at)?.rfind('"')? + 1;
    Some(PathBuf::from(metadata.get(begin..at + end.len() - 1)?).parent()?.to_owned())
}

fn apply(patch: &Path, to: &Path) -> Result<()> {
    ensure!(patch.extension() == Some(OsStr::new("patch")), "{} is no .patch", patch.display());
    let mut git = command::command("git");
    git.args(["apply", "--whitespace=nowarn"]).arg(patch).current_dir(to);
    // It may be inside somebody's repository, to which the patch has nothing to do.
    git.env("GIT_CEILING_DIRECTORIES", to.parent().unwrap_or(to));
    let output = git.output().context("git is needed to apply patches")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_found_by_name_and_version() {
        let metadata = r#"{"packages":[{"manifest_path":"/r/a-1.0.0/Cargo.toml"},{"manifest_path":"/r/x-a-1.0.0/Cargo.toml"}]}"#;
        assert_eq!(registry(metadata, "a-1.0.0"), Some(PathBuf::from("/r/a-1.0.0")));
        assert_eq!(registry(metadata, "a-1.0.1"), None);
    }
}
