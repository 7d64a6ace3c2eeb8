use crate::config::CONFIG_ID;
use crate::manifest::{COMPILED_FILE, MANIFEST_FILE, MEMORY_FILE, Manifest, PACKAGES_FILE};
use crate::memory::Sealed;
use selvedge_files::{Files, FilesState, Tree};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why an image cannot be used. Each message names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// A file is not there.
    #[error("guest image file {path} is missing; build the image with `cargo xtask build guests`")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("guest image file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The manifest is not one.
    #[error("guest image manifest {path} is not valid ({reason}); build the image again with `cargo xtask build guests`")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is not the one that was built.
    #[error(
        "guest image file {path} was altered or is incomplete: its BLAKE3 is {found}, the manifest says {expected}; build the image again with `cargo xtask build guests`"
    )]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// From the manifest.
        expected: String,
        /// Of the file.
        found: String,
    },
    /// Built for another engine or processor.
    #[error(
        "guest image {path} was built for \"{found}\", this program runs \"{expected}\"; build the image again with `cargo xtask build guests`"
    )]
    Incompatible {
        /// The file.
        path: PathBuf,
        /// Of this program.
        expected: String,
        /// Of the image.
        found: String,
    },
}

/// A guest image whose files are the ones that were built. Clones share the memory that it begins with.
#[derive(Clone)]
pub struct Image {
    manifest: Manifest,
    /// The very file that was checked, whatever is under its name by now.
    compiled: Arc<File>,
    compiled_path: PathBuf,
    memory: Arc<Sealed>,
    files: Files,
}

impl Image {
    /// Reads the manifest in `dir` and checks every file that it names.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub fn open(dir: &Path) -> Result<Self, ImageError> {
        Self::open_with(dir, |_| None)
    }

    /// As [`Image::open`]. `ready` may have what memories begin with, which is the largest file by far: read, found to have this BLAKE3 (in
    /// hexadecimal), and sealed by somebody whom the caller trusts, so that processes share it. One that can still be changed is not taken.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub fn open_with(dir: &Path, mut ready: impl FnMut(&str) -> Option<OwnedFd>) -> Result<Self, ImageError> {
        loop {
            let before = which(dir);
            match Self::read(dir, &mut ready) {
                // Whoever installs another image swaps the folder: what was read before and after that does not belong together.
                Err(_) if before.is_some() && which(dir).is_some_and(|now| Some(now) != before) => {}
                image => return image,
            }
        }
    }

    fn read(dir: &Path, ready: &mut impl FnMut(&str) -> Option<OwnedFd>) -> Result<Self, ImageError> {
        let path = dir.join(MANIFEST_FILE);
        let text = fs::read_to_string(&path).map_err(|source| cannot_read(&path, source))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| ImageError::Manifest {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        for (expected, found) in [(CONFIG_ID, &manifest.engine), (std::env::consts::ARCH, &manifest.arch)] {
            if expected != found {
                return Err(ImageError::Incompatible {
                    path,
                    expected: expected.to_owned(),
                    found: found.clone(),
                });
            }
        }
        for name in [COMPILED_FILE, MEMORY_FILE] {
            if !manifest.files.contains_key(name) {
                let reason = format!("it does not name {name}");
                return Err(ImageError::Manifest { path, reason });
            }
        }
        let memory_path = dir.join(MEMORY_FILE);
        let len = usize::try_from(manifest.memory_pages << 16).unwrap_or(usize::MAX);
        let named = manifest.files.get(MEMORY_FILE).map_or("", |entry| &entry.blake3);
        let shared = ready(named).and_then(|file| Sealed::adopt(file, len));
        let is_shared = shared.is_some();
        let memory = match shared {
            Some(memory) => memory,
            // Nobody can change the copy that is checked.
            None => File::open(&memory_path)
                .and_then(|mut file| Sealed::read(&mut file))
                .map_err(|source| cannot_read(&memory_path, source))?,
        };
        let compiled_path = dir.join(COMPILED_FILE);
        let compiled = File::open(&compiled_path).map_err(|source| cannot_read(&compiled_path, source))?;
        let packages_path = dir.join(PACKAGES_FILE);
        let packages = manifest
            .files
            .contains_key(PACKAGES_FILE)
            .then(|| fs::read(&packages_path).map_err(|source| cannot_read(&packages_path, source)))
            .transpose()?;
        for (name, entry) in &manifest.files {
            let path = dir.join(name);
            let found = match (name.as_str(), &packages) {
                (MEMORY_FILE, _) if is_shared => continue,
                (MEMORY_FILE, _) => blake3::hash(&memory).to_hex().to_string(),
                (PACKAGES_FILE, Some(packages)) => blake3::hash(packages).to_hex().to_string(),
                (COMPILED_FILE, _) => hash_of(&compiled).map_err(|source| cannot_read(&path, source))?,
                _ => File::open(&path)
                    .and_then(|file| hash_of(&file))
                    .map_err(|source| cannot_read(&path, source))?,
            };
            if found != entry.blake3 {
                return Err(ImageError::WrongHash {
                    path,
                    expected: entry.blake3.clone(),
                    found,
                });
            }
        }
        if memory.len() != len {
            let reason = format!("{MEMORY_FILE} does not have {} pages", manifest.memory_pages);
            return Err(ImageError::Manifest { path, reason });
        }
        let memory = Arc::new(memory);
        let files = match packages {
            Some(packages) => with_packages(&packages).ok_or_else(|| ImageError::Manifest {
                path,
                reason: format!("{PACKAGES_FILE} is no file tree"),
            })?,
            None => Files::default(),
        };
        Ok(Self {
            manifest,
            compiled: Arc::new(compiled),
            compiled_path,
            memory,
            files,
        })
    }

    /// BLAKE3 of the module, in hexadecimal. Checkpoints can be restored into images with the same hash, on whatever machine.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.manifest.module
    }

    /// What the image consists of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Machine code, and where it was.
    pub(crate) fn compiled(&self) -> (&File, &Path) {
        (&self.compiled, &self.compiled_path)
    }

    pub(crate) fn memory(&self) -> &Arc<Sealed> {
        &self.memory
    }

    /// What its kernels begin with.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Image")
            .field("manifest", &self.manifest)
            .finish_non_exhaustive()
    }
}

/// What kernels begin with that have these packages.
fn with_packages(packages: &[u8]) -> Option<Files> {
    Files::new(FilesState::default(), Arc::new(Tree::from_bytes(packages).ok()?)).ok()
}

/// Tells a folder from the next one in its place, even when the system gives that the same number.
fn which(dir: &Path) -> Option<(u64, i64, i64)> {
    let folder = fs::metadata(dir).ok()?;
    Some((folder.ino(), folder.ctime(), folder.ctime_nsec()))
}

fn hash_of(file: &File) -> io::Result<String> {
    Ok(blake3::Hasher::new().update_reader(file)?.finalize().to_hex().to_string())
}

fn cannot_read(path: &Path, source: io::Error) -> ImageError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => ImageError::Missing { path },
        _ => ImageError::Unreadable { path, source },
    }
}
