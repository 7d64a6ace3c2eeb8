//! Built guests and images by content hash, outside `target/`: ten minutes of work that only their own sources may invalidate.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Collects what an artifact depends on.
pub(crate) struct Key(Sha256);

impl Key {
    /// Starts with a name and version of the recipe.
    pub(crate) fn new(recipe: &str) -> Self {
        Self(Sha256::new()).text(recipe)
    }

    /// A flag, a version, another key.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    /// A file, or every file below a folder, with their names relative to it.
    pub(crate) fn files(mut self, path: &Path) -> Result<Self> {
        let mut found = Vec::new();
        collect(path, &mut found)?;
        found.sort();
        for file in found {
            let name = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().into_owned();
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self = self.text(&name);
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(&bytes);
        }
        Ok(self)
    }

    /// 32 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        let mut text = hex::encode(self.0.finalize());
        text.truncate(32);
        text
    }
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
        let entry = entry?.path();
        if entry
            .file_name()
            .is_some_and(|name| name != "target" && name != "tests" && name != "node_modules")
        {
            collect(&entry, found)?;
        }
    }
    Ok(())
}

/// Make `made` unless it is there and was made to its end for the same key, which the file `stamp` remembers.
pub(crate) fn unless_made(made: &Path, stamp: &Path, key: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    if made.exists() && fs::read_to_string(stamp).is_ok_and(|done| done == key) {
        return Ok(());
    }
    // What ends half-way is made again.
    if stamp.exists() {
        fs::remove_file(stamp)?;
    }
    make()?;
    fs::write(stamp, key).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Copy a folder's files (not its subfolders), replacing what is there.
pub(crate) fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            replace(&path, &to.join(name))?;
        }
    }
    Ok(())
}

/// Copy a folder with everything below it.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    copy_files(from, to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_dir(), path.file_name()) {
            copy_tree(&path, &to.join(name))?;
        }
    }
    Ok(())
}

/// Copy one file so that a reader sees the old or the new one, never half.
pub(crate) fn replace(from: &Path, to: &Path) -> Result<()> {
    if let Some(dir) = to.parent() {
        fs::create_dir_all(dir)?;
    }
    let fresh = to.with_extension("new");
    fs::copy(from, &fresh).with_context(|| format!("cannot copy {} to {}", from.display(), fresh.display()))?;
    fs::rename(&fresh, to)?;
    Ok(())
}
