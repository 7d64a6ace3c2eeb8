//! The memory of sleeping kernels. A checkpoint is a file named by the BLAKE3 of its content; `kernels/<kernel>/current` names the
//! checkpoint. Both are on disk, with their folders, before anybody is told that the cell has ended.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Name of the file that names a kernel's checkpoint.
const CURRENT: &str = "current";

/// The checkpoints of all kernels of this node.
#[derive(Debug)]
pub(crate) struct Kernels {
    checkpoints: PathBuf,
    kernels: PathBuf,
    names: Mutex<Names>,
}

/// Which checkpoints are in use.
#[derive(Debug, Default)]
struct Names {
    /// Each kernel's checkpoint.
    current: HashMap<String, String>,
    /// Checkpoints that are being written and that no kernel names yet.
    writing: Vec<String>,
}

impl Names {
    fn in_use(&self, name: &str) -> bool {
        self.writing.iter().chain(self.current.values()).any(|used| used == name)
    }
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

impl Kernels {
    /// Open or make the store under the node's data folder; removes what no kernel names (left by a process that was killed).
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let checkpoints = data.join("checkpoints");
        let kernels = data.join("kernels");
        for folder in [&checkpoints, &kernels] {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut current = HashMap::new();
        for entry in fs::read_dir(&kernels)? {
            let entry = entry?;
            let Ok(kernel) = entry.file_name().into_string() else { continue };
            match fs::read_to_string(entry.path().join(CURRENT)) {
                Ok(name) => drop(current.insert(kernel, name)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        for entry in fs::read_dir(&checkpoints)? {
            let entry = entry?;
            if !current.values().any(|name| entry.file_name() == name.as_str()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { checkpoints, kernels, names: Mutex::new(Names { current, writing: Vec::new() }) })
    }

    /// Is anything kept of this kernel?
    pub(crate) fn has(&self, kernel: &str) -> bool {
        self.names().current.contains_key(kernel)
    }

    /// Keep a kernel's memory; on return it is on disk. On an error the kernel's earlier checkpoint is still the current one.
    pub(crate) fn keep(&self, kernel: &str, checkpoint: &[u8]) -> io::Result<()> {
        let name = blake3::hash(checkpoint).to_hex().to_string();
        {
            let mut names = self.names();
            if names.current.get(kernel).is_some_and(|current| *current == name) {
                return Ok(());
            }
            names.writing.push(name.clone());
        }
        let written = self.write(kernel, &name, checkpoint);
        let mut names = self.names();
        if let Some(place) = names.writing.iter().position(|writing| *writing == name) {
            names.writing.swap_remove(place);
        }
        let unused = match &written {
            Ok(()) => names.current.insert(kernel.to_owned(), name),
            Err(_) => Some(name),
        };
        if let Some(unused) = unused.filter(|unused| !names.in_use(unused)) {
            // What stays behind by accident is removed at the next start.
            let _ = fs::remove_file(self.checkpoints.join(unused));
        }
        written
    }

    fn write(&self, kernel: &str, name: &str, checkpoint: &[u8]) -> io::Result<()> {
        // The partial file carries the kernel's name: two kernels may keep the same content at the same time.
        write_whole(&self.checkpoints, name, kernel, checkpoint)?;
        let folder = self.kernels.join(kernel);
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(&folder)?;
            sync(&self.kernels)?;
        }
        write_whole(&folder, CURRENT, kernel, name.as_bytes())
    }

    /// A kernel's memory, checked against its name.
    pub(crate) fn load(&self, kernel: &str) -> Result<Vec<u8>, Unreadable> {
        let name = self.names().current.get(kernel).cloned().ok_or(Unreadable::Gone)?;
        if blake3::Hash::from_hex(&name).is_err() {
            return Err(Unreadable::Damaged);
        }
        let bytes = fs::read(self.checkpoints.join(&name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unreadable::Gone,
            _ => error.into(),
        })?;
        if blake3::hash(&bytes).to_hex().as_str() != name {
            return Err(Unreadable::Damaged);
        }
        Ok(bytes)
    }

    /// Put a checkpoint that is of no use into the kernel's own folder, for whoever wants to look at it. The kernel is empty from now on.
    pub(crate) fn set_aside(&self, kernel: &str) -> io::Result<()> {
        let folder = self.kernels.join(kernel);
        let mut names = self.names();
        if let Some(name) = names.current.get(kernel).filter(|name| blake3::Hash::from_hex(name.as_str()).is_ok()) {
            match fs::rename(self.checkpoints.join(name), folder.join(format!("unreadable-{name}"))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(folder.join(CURRENT), folder.join("unreadable-current"))?;
        sync(&folder)?;
        names.current.remove(kernel);
        Ok(())
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Write a file so that, after a power cut at any moment, either all of it is there or what was there before.
fn write_whole(folder: &Path, name: &str, tag: &str, bytes: &[u8]) -> io::Result<()> {
    let partial = folder.join(format!(".{name}.{tag}"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, folder.join(name))?;
    sync(folder)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
#[path = "kernels_tests.rs"]
mod tests;
