//! A folder on a disk.
//!
//! A file is written under its own name at once, flushed, and only then made read-only. So a file that can still be written to may be torn: the
//! process was killed or the power was cut before anybody was told that it exists, and it is removed if its hash says so. One that is read-only was
//! whole once: when its hash is wrong, it is damaged, and whoever reads it hears that.
//!
//! That costs one flush of the disk. On ext4, XFS and Btrfs a flushed new file has its name as well, because both are in the same transaction of
//! their journals; on other file systems the folder is flushed, too.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::objects::{Listed, Objects, PutError};

const UNFINISHED: u32 = 0o600;
const FINISHED: u32 = 0o400;
/// File systems that put a file and its name into one transaction: their magic numbers (`statfs(2)`).
const NAMES_COME_ALONG: [i64; 3] = [0xEF53, 0x5846_5342, 0x9123_683E];

/// A folder on a disk, used by one process at a time.
#[derive(Debug)]
pub struct Local {
    root: PathBuf,
    /// Whether folders have to be flushed as well.
    flush_folders: bool,
    /// Files that this process is writing at the moment.
    writing: Mutex<HashSet<PathBuf>>,
}

impl Local {
    /// Opens or makes the folder. Whoever does must have seen to it that no other process has it.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        let magic = rustix::fs::statfs(&root)?.f_type;
        #[allow(clippy::unnecessary_cast, reason = "not everywhere the same type")]
        let flush_folders = !NAMES_COME_ALONG.contains(&(magic as i64));
        Ok(Self {
            root,
            flush_folders,
            writing: Mutex::default(),
        })
    }

    /// A file that may be torn: finished when it is whole, removed when it is not. Whether it is there then.
    fn settle(&self, path: &Path) -> io::Result<bool> {
        if self.writing().contains(path) {
            return Ok(false);
        }
        let bytes = fs::read(path)?;
        let whole = bytes.split_first_chunk().is_some_and(|(hash, rest)| blake3::hash(rest) == *hash);
        if whole {
            // It was written, but perhaps not flushed, by a process that is gone.
            File::open(path)?.sync_all()?;
            fs::set_permissions(path, Permissions::from_mode(FINISHED))?;
        } else {
            fs::remove_file(path)?;
        }
        Ok(whole)
    }

    fn write(&self, folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(folder)?;
            self.flush(&self.root)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(UNFINISHED).open(path)?;
        let written = file
            .write_all(bytes)
            .and_then(|()| file.sync_all())
            .and_then(|()| self.flush(folder));
        if written.is_err() {
            // Nobody was told that it exists; if it cannot even be removed, it is torn, or it is whole and nobody asks for it.
            let _ = fs::remove_file(path);
            return written;
        }
        // When this fails, the next process has a closer look at it.
        let _ = file.set_permissions(Permissions::from_mode(FINISHED));
        Ok(())
    }

    fn flush(&self, folder: &Path) -> io::Result<()> {
        if self.flush_folders {
            File::open(folder)?.sync_all()
        } else {
            Ok(())
        }
    }

    fn writing(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Objects for Local {
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError> {
        let folder = self.root.join(folder);
        let path = folder.join(name);
        if !self.writing().insert(path.clone()) {
            return Err(PutError::Taken);
        }
        let written = self.write(&folder, &path, bytes);
        self.writing().remove(&path);
        written.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => PutError::Taken,
            _ => PutError::Failed(error),
        })
    }

    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(folder).join(name))
    }

    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>> {
        let mut front = Vec::with_capacity(len);
        File::open(self.root.join(folder).join(name))?
            .take(len as u64)
            .read_to_end(&mut front)?;
        Ok(front)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Listed>> {
        let entries = match fs::read_dir(self.root.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut listed = Vec::new();
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let metadata = entry.metadata()?;
            let finished = metadata.permissions().mode() & 0o200 == 0;
            if metadata.is_file() && (finished || self.settle(&entry.path())?) {
                listed.push(Listed {
                    name,
                    bytes: metadata.len(),
                });
            }
        }
        Ok(listed)
    }

    fn delete(&self, folder: &str, name: &str) -> io::Result<()> {
        match fs::remove_file(self.root.join(folder).join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certified(bytes: &[u8]) -> Vec<u8> {
        [blake3::hash(bytes).as_bytes(), bytes].concat()
    }

    #[test]
    fn a_file_that_was_torn_at_any_length_is_not_there_and_a_whole_one_is() {
        let root = tempfile::tempdir().unwrap();
        let bytes = certified(b"checkpoint");
        Local::open(root.path().into())
            .unwrap()
            .put_new("k", "1", &certified(b"before"))
            .unwrap();
        let path = root.path().join("k").join("2");
        for len in 0..=bytes.len() {
            fs::write(&path, &bytes[..len]).unwrap();
            let listed = Local::open(root.path().into()).unwrap().list("k").unwrap();
            assert_eq!(listed.len(), if len == bytes.len() { 2 } else { 1 }, "{len}");
            assert_eq!(path.exists(), len == bytes.len());
        }
        // The disk gave room for all of it but kept none of it.
        fs::remove_file(&path).unwrap();
        fs::write(&path, vec![0; bytes.len()]).unwrap();
        assert_eq!(Local::open(root.path().into()).unwrap().list("k").unwrap().len(), 1);
    }

    #[test]
    fn a_finished_file_that_is_damaged_later_stays_for_its_reader_to_complain() {
        let root = tempfile::tempdir().unwrap();
        let local = Local::open(root.path().into()).unwrap();
        local.put_new("k", "1", &certified(b"checkpoint")).unwrap();
        let path = root.path().join("k").join("1");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, FINISHED);
        fs::set_permissions(&path, Permissions::from_mode(UNFINISHED)).unwrap();
        fs::write(&path, b"damaged").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(FINISHED)).unwrap();
        assert_eq!(local.list("k").unwrap().len(), 1);
        assert_eq!(local.get("k", "1").unwrap(), b"damaged");
    }

    #[test]
    fn of_many_who_write_the_same_name_exactly_one_succeeds() {
        let root = tempfile::tempdir().unwrap();
        let locals: Vec<_> = (0..4).map(|_| Local::open(root.path().into()).unwrap()).collect();
        for name in 0..20 {
            let winners: Vec<_> = std::thread::scope(|scope| {
                let put = |number: usize| {
                    let local = &locals[number % locals.len()];
                    move || {
                        local
                            .put_new("k", &name.to_string(), &certified(&[u8::try_from(number).unwrap(); 9]))
                            .is_ok()
                    }
                };
                let writers: Vec<_> = (0..8).map(|number| scope.spawn(put(number))).collect();
                let won = writers.into_iter().map(|writer| writer.join().unwrap()).enumerate();
                won.filter_map(|(number, won)| won.then_some(number)).collect()
            });
            let [winner] = winners[..] else { panic!("{winners:?}") };
            let kept = locals[0].get("k", &name.to_string()).unwrap();
            assert_eq!(kept, certified(&[u8::try_from(winner).unwrap(); 9]));
        }
    }
}
