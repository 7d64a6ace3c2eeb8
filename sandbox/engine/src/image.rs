use crate::config::CONFIG_ID;
use crate::manifest::{COMPILED_FILE, MANIFEST_FILE, MEMORY_FILE, Manifest, PACKAGES_FILE};
use crate::memory::Sealed;
use selvedge_files::{Files, FilesState, Tree};
use std::fmt;
use std::fs::{self, File};
use std::io;
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
    compiled: PathBuf,
    memory: Arc<Sealed>,
    files: Files,
}

impl Image {
    /// Reads the manifest in `dir` and checks every file that it names.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub fn open(dir: &Path) -> Result<Self, ImageError> {
        let path = dir.join(MANIFEST_FILE);
        let text = fs::read_to_string(&path).map_err(|source| cannot_read(&path, source))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| ImageError::Manifest {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        let compiled = dir.join(COMPILED_FILE);
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
        // Nobody can change the copy that is checked.
        let memory_path = dir.join(MEMORY_FILE);
        let memory = File::open(&memory_path)
            .and_then(|mut file| Sealed::read(&mut file))
            .map_err(|source| cannot_read(&memory_path, source))?;
        let packages_path = dir.join(PACKAGES_FILE);
        let packages = manifest
            .files
            .contains_key(PACKAGES_FILE)
            .then(|| fs::read(&packages_path).map_err(|source| cannot_read(&packages_path, source)))
            .transpose()?;
        for (name, entry) in &manifest.files {
            let path = dir.join(name);
            let found = match (name.as_str(), &packages) {
                (MEMORY_FILE, _) => blake3::hash(&memory).to_hex().to_string(),
                (PACKAGES_FILE, Some(packages)) => blake3::hash(packages).to_hex().to_string(),
                _ => hash_file(&path)?,
            };
            if found != entry.blake3 {
                return Err(ImageError::WrongHash {
                    path,
                    expected: entry.blake3.clone(),
                    found,
                });
            }
        }
        if memory.len() as u64 != manifest.memory_pages << 16 {
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
            compiled,
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

    pub(crate) fn compiled(&self) -> &Path {
        &self.compiled
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

fn hash_file(path: &Path) -> Result<String, ImageError> {
    let file = File::open(path).map_err(|source| cannot_read(path, source))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).map_err(|source| cannot_read(path, source))?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn cannot_read(path: &Path, source: io::Error) -> ImageError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => ImageError::Missing { path },
        _ => ImageError::Unreadable { path, source },
    }
}
