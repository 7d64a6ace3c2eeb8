//! What images' memories begin with, once for all workers: fifty megabytes each that are read and checked once, and that workers then share.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use serde::Deserialize;

/// What is read from a file at a time.
const CHUNK_BYTES: usize = 1 << 20;
/// Names in an image's folder (`sandbox/engine/src/manifest.rs`).
const MANIFEST_FILE: &str = "manifest.json";
const MEMORY_FILE: &str = "memory.img";

/// Sealed files, by the BLAKE3 (in hexadecimal) of what is in them. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memories(Arc<Mutex<BTreeMap<String, Arc<OwnedFd>>>>);

/// Of an image's manifest, what matters here.
#[derive(Deserialize)]
struct Manifest {
    files: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    blake3: String,
}

/// For one worker's start. While this is there, its files are.
#[derive(Debug, Default)]
pub(super) struct Given(Vec<(String, Arc<OwnedFd>)>);

impl Memories {
    /// For a worker of the image in `folder`, or of those in the folders in it. An image that cannot be read is left to the worker, which says what
    /// is wrong with it. Takes a moment when an image is new.
    pub(super) fn of(&self, folder: &Path) -> Given {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut given = BTreeMap::new();
        for folder in folders(folder) {
            let Some(hash) = memory_hash(&folder) else { continue };
            let file = match held.get(&hash) {
                Some(file) => Some(file.clone()),
                None => read(&folder.join(MEMORY_FILE), &hash).ok().map(Arc::new),
            };
            given.extend(file.map(|file| (hash, file)));
        }
        // Of an image that was replaced, the workers that run it have what they need.
        held.clone_from(&given);
        Given(given.into_iter().collect())
    }
}

impl Given {
    /// As the worker is told.
    pub(super) fn arguments(&self) -> impl Iterator<Item = OsString> {
        let told = self.0.iter().map(|(hash, file)| format!("{hash}:{}", file.as_raw_fd()));
        told.flat_map(|what| ["--memory".into(), what.into()])
    }
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    if folder.join(MANIFEST_FILE).is_file() {
        return vec![folder.to_owned()];
    }
    let entries = fs::read_dir(folder).into_iter().flatten();
    let visible = entries
        .flatten()
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    visible.map(|entry| entry.path()).collect()
}

fn memory_hash(folder: &Path) -> Option<String> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(folder.join(MANIFEST_FILE)).ok()?).ok()?;
    Some(manifest.files.get(MEMORY_FILE)?.blake3.clone())
}

/// A copy that nobody can change any more, of a file that has this hash. Workers inherit it: it does not close by itself.
fn read(path: &Path, hash: &str) -> io::Result<OwnedFd> {
    let mut source = File::open(path)?;
    let mut copy = File::from(memfd_create(c"selvedge-memory", MemfdFlags::ALLOW_SEALING)?);
    let mut hasher = blake3::Hasher::new();
    let (mut chunk, mut len) = (vec![0; CHUNK_BYTES], 0);
    loop {
        let count = source.read(&mut chunk)?;
        let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hasher.update(read);
        // Zeros stay a hole.
        if read.iter().any(|byte| *byte != 0) {
            copy.seek(SeekFrom::Start(len))?;
            copy.write_all(read)?;
        }
        len += count as u64;
    }
    if hasher.finalize().to_hex().as_str() != hash {
        return Err(io::ErrorKind::InvalidData.into());
    }
    ftruncate(&copy, len)?;
    fcntl_add_seals(&copy, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    Ok(copy.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::fcntl_get_seals;
    use serde_json::json;

    fn image(folder: &Path, memory: &[u8], hash: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(MEMORY_FILE), memory).unwrap();
        let manifest = json!({ "name": "python", "files": { MEMORY_FILE: { "blake3": hash, "bytes": memory.len() } } });
        fs::write(folder.join(MANIFEST_FILE), manifest.to_string()).unwrap();
    }

    #[test]
    fn a_memory_is_read_once_sealed_and_left_to_the_worker_when_it_is_not_what_it_should_be() {
        let folder = tempfile::tempdir().unwrap();
        let memory = [vec![1; CHUNK_BYTES], vec![0; 2 * CHUNK_BYTES]].concat();
        let hash = blake3::hash(&memory).to_hex().to_string();
        image(&folder.path().join("python"), &memory, &hash);
        image(&folder.path().join("altered"), b"other", &"0".repeat(64));
        let memories = Memories::default();
        let given = memories.of(folder.path());
        let [(named, file)] = &given.0[..] else { panic!("{given:?}") };
        assert_eq!(*named, hash);
        assert!(fcntl_get_seals(file).unwrap().contains(SealFlags::WRITE | SealFlags::SEAL));
        let mut kept = Vec::new();
        let mut view = File::from(file.try_clone().unwrap());
        view.rewind().unwrap();
        view.read_to_end(&mut kept).unwrap();
        assert!(kept == memory);
        let told: Vec<_> = given.arguments().collect();
        assert_eq!(told, ["--memory".into(), OsString::from(format!("{hash}:{}", file.as_raw_fd()))]);
        // The next worker gets the same file, and one of a single image as well.
        let again = memories.of(&folder.path().join("python"));
        assert!(Arc::ptr_eq(&again.0[0].1, file));
        // An image that was replaced is not given to anybody any more.
        image(&folder.path().join("python"), b"new", blake3::hash(b"new").to_hex().as_str());
        let new = memories.of(folder.path());
        assert_eq!((new.0.len(), memories.0.lock().unwrap().len()), (1, 1));
        assert_ne!(new.0[0].0, hash);
    }
}
