//! The memory of sleeping kernels: `kernels/<kernel>/<number>-<BLAKE3 of the content>`, the highest number is the current one.
//!
//! A checkpoint is on disk, with its folder, before anybody is told that the cell has ended. It is written under its own name at once: a
//! file that a power cut has torn does not have the content that its name promises, and the one before it is still there, because that is
//! removed only afterwards. So a cell costs one flush of the disk; a file that names the current checkpoint would cost two more.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use blake3::Hash;
use serde_json::json;

use crate::log;

/// The checkpoints of all kernels of this node. Each kernel is used by one run at a time.
#[derive(Debug)]
pub(crate) struct Kernels {
    folder: PathBuf,
    /// The current checkpoint of each kernel that was looked at.
    current: Mutex<HashMap<String, Option<Name>>>,
}

/// Name of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name {
    number: u64,
    hash: Hash,
}

/// Why a kernel's memory cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("its checkpoint is damaged")]
    Damaged,
    #[error("its checkpoint is gone")]
    Gone,
    #[error("its checkpoint cannot be read: {0}")]
    Failed(#[from] io::Error),
}

impl Name {
    fn parse(name: &str) -> Option<Self> {
        let (number, hash) = name.split_once('-')?;
        Some(Self {
            number: number.parse().ok()?,
            hash: Hash::from_hex(hash).ok()?,
        })
    }

    fn file(self) -> String {
        format!("{}-{}", self.number, self.hash)
    }
}

impl Kernels {
    /// Open or make the store under the node's data folder.
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join("kernels");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self {
            folder,
            current: Mutex::default(),
        })
    }

    /// Is anything kept of this kernel? What cannot be found out counts as kept: reading it then says why it cannot be read.
    pub(crate) fn has(&self, kernel: &str) -> bool {
        self.name(kernel).map_or(true, |name| name.is_some())
    }

    /// Keep a kernel's memory; on return it is on disk. On an error the kernel's earlier checkpoint is still the current one.
    pub(crate) fn keep(&self, kernel: &str, checkpoint: &[u8]) -> io::Result<()> {
        let before = self.name(kernel)?;
        let name = Name {
            number: before.map_or(1, |before| before.number + 1),
            hash: blake3::hash(checkpoint),
        };
        let folder = self.folder.join(kernel);
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(&folder)?;
            sync(&self.folder)?;
        }
        let path = folder.join(name.file());
        if let Err(error) = write(&path, checkpoint).and_then(|()| sync(&folder)) {
            // Nobody was told that it exists. If it cannot even be removed, it is torn or it is what the cell left behind: both are true.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        self.current().insert(kernel.to_owned(), Some(name));
        if let Some(before) = before {
            // One that stays behind by accident is older than the current one and goes with the next.
            let _ = fs::remove_file(folder.join(before.file()));
        }
        Ok(())
    }

    /// A kernel's memory, checked against its name.
    pub(crate) fn load(&self, kernel: &str) -> Result<Vec<u8>, Unreadable> {
        let name = self.name(kernel)?.ok_or(Unreadable::Gone)?;
        read(&self.folder.join(kernel), name)
    }

    /// Put a checkpoint that is of no use aside, in the kernel's folder, for whoever wants to look at it. The kernel is empty from now on.
    pub(crate) fn set_aside(&self, kernel: &str) -> io::Result<()> {
        let folder = self.folder.join(kernel);
        if let Some(name) = self.name(kernel)?.map(Name::file) {
            match fs::rename(folder.join(&name), folder.join(format!("unreadable-{name}"))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => sync(&folder)?,
            }
        }
        self.current().insert(kernel.to_owned(), None);
        Ok(())
    }

    fn name(&self, kernel: &str) -> io::Result<Option<Name>> {
        if let Some(name) = self.current().get(kernel) {
            return Ok(*name);
        }
        let name = find(&self.folder.join(kernel))?;
        self.current().insert(kernel.to_owned(), name);
        Ok(name)
    }

    fn current(&self) -> MutexGuard<'_, HashMap<String, Option<Name>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The current checkpoint in a kernel's folder. When there are several, the process was killed between writing one and removing the one
/// before: then the newest that is whole is the current one, and the others are removed.
fn find(folder: &Path) -> io::Result<Option<Name>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().to_str().and_then(Name::parse));
    }
    names.sort_by_key(|name| name.number);
    let current = match names.as_slice() {
        [] | [_] => names.last(),
        several => several.iter().rev().find(|name| read(folder, **name).is_ok()).or(several.last()),
    }
    .copied();
    for name in names.into_iter().filter(|name| Some(*name) != current) {
        log::warn(
            "an unfinished or outdated checkpoint was removed",
            json!({ "folder": folder, "number": name.number }),
        );
        fs::remove_file(folder.join(name.file()))?;
    }
    Ok(current)
}

fn read(folder: &Path, name: Name) -> Result<Vec<u8>, Unreadable> {
    let bytes = fs::read(folder.join(name.file())).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Gone,
        _ => error.into(),
    })?;
    if blake3::hash(&bytes) == name.hash {
        Ok(bytes)
    } else {
        Err(Unreadable::Damaged)
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
#[path = "kernels_tests.rs"]
mod tests;
