//! A folder on a disk.
//!
//! A file is written under its own name at once, flushed, and only then made read-only. So a file that can still be written to may be torn: the
//! process was killed or the power was cut before anybody was told that it exists, and it is nothing if its hash says so. One that is read-only was
//! whole once: when its hash is wrong, it is damaged, and whoever reads it hears that.
//!
//! That costs one flush of the disk. On ext4, XFS and Btrfs a flushed new file has its name as well, because both are in the same transaction of
//! their journals; on other file systems the folder is flushed, too.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::objects::{Listed, Objects, PutError};

const UNFINISHED: u32 = 0o600;
const FINISHED: u32 = 0o400;
/// File systems that put a file and its name into one transaction: their magic numbers (`statfs(2)`).
const NAMES_COME_ALONG: [i64; 3] = [0xEF53, 0x5846_5342, 0x9123_683E];

/// A folder on a disk.
#[derive(Debug)]
pub struct Local {
    root: PathBuf,
    /// Whether folders have to be flushed as well.
    flush_folders: bool,
    /// Whether others write to it as well.
    shared: bool,
}

impl Local {
    /// Opens or makes the folder.
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
            shared: false,
        })
    }

    /// The same for a folder to which other processes write as well, so that what was seen there may be old.
    ///
    /// # Errors
    /// What the system says.
    pub fn open_shared(root: PathBuf) -> io::Result<Self> {
        Ok(Self {
            shared: true,
            ..Self::open(root)?
        })
    }

    fn write(&self, folder: &Path, path: &Path, bytes: &[u8]) -> Result<(), PutError> {
        if !folder.is_dir() {
            match DirBuilder::new().mode(0o700).create(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
                _ => self.flush(&self.root)?,
            }
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(UNFINISHED);
        let mut file = match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.exists() => return Err(PutError::Taken),
            file => file?,
        };
        // Of all who have it open, one holds the lock: either it writes, or it finds that somebody has written.
        if !lock(&file)? || file.metadata()?.nlink() == 0 || settle(&mut file)? {
            return Err(PutError::Taken);
        }
        let written = file
            .rewind()
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.write_all(bytes))
            .and_then(|()| file.sync_all())
            .and_then(|()| self.flush(folder));
        if let Err(error) = written {
            // Nobody was told that it exists; if it cannot even be removed, it is torn, or it is whole and nobody asks for it.
            let _ = fs::remove_file(path);
            return Err(error.into());
        }
        // When this fails, the next one who looks at it does it.
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
}

/// What was read. A folder is damaged for good: it reads as a file without contents does.
fn contents(read: io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(Vec::new()),
        read => read,
    }
}

/// Locks a file that may be torn, if nobody else writes it at this moment.
fn lock(file: &File) -> io::Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether a file that may be torn is whole, and nobody writes it at this moment.
fn whole(path: &Path) -> io::Result<bool> {
    if !path.is_file() {
        return Ok(false);
    }
    let mut file = File::open(path)?;
    Ok(lock(&file)? && settle(&mut file)?)
}

/// Whether a locked file is whole; then it is finished from now on.
fn settle(file: &mut File) -> io::Result<bool> {
    let metadata = file.metadata()?;
    if !is_unfinished(&metadata) {
        return Ok(true);
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes.split_first_chunk().is_some_and(|(hash, rest)| blake3::hash(rest) == *hash);
    if whole {
        // It was written, but perhaps not flushed, by a process that is gone.
        file.sync_all()?;
        file.set_permissions(Permissions::from_mode(FINISHED))?;
    }
    Ok(whole)
}

fn is_unfinished(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o200 != 0
}

impl Objects for Local {
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError> {
        let folder = self.root.join(folder);
        self.write(&folder, &folder.join(name), bytes)
    }

    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>> {
        contents(fs::read(self.root.join(folder).join(name)))
    }

    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>> {
        let mut front = Vec::with_capacity(len);
        let file = File::open(self.root.join(folder).join(name))?;
        let read = file.take(len as u64).read_to_end(&mut front);
        contents(read.map(|_| front))
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
            listed.push(Listed {
                name,
                bytes: metadata.len(),
                whole: !is_unfinished(&metadata) || whole(&entry.path())?,
            });
        }
        Ok(listed)
    }

    fn delete(&self, folder: &str, name: &str) -> io::Result<()> {
        match fs::remove_file(self.root.join(folder).join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn is_shared(&self) -> bool {
        self.shared
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
            let local = Local::open(root.path().into()).unwrap();
            let listed = local.list("k").unwrap();
            assert!(
                listed
                    .iter()
                    .all(|listed| listed.whole == (listed.name == "1" || len == bytes.len())),
                "{len}"
            );
            // What is nothing is in nobody's way.
            let again = local.put_new("k", "2", &certified(b"other"));
            assert_eq!(again.is_ok(), len < bytes.len());
            drop(fs::remove_file(&path));
        }
        // The disk gave room for all of it but kept none of it.
        fs::write(&path, vec![0; bytes.len()]).unwrap();
        let listed = Local::open(root.path().into()).unwrap().list("k").unwrap();
        assert_eq!(listed.iter().filter(|listed| listed.whole).count(), 1);
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
    fn a_folder_in_the_place_of_a_file_reads_as_damaged_not_as_a_medium_that_is_away() {
        let root = tempfile::tempdir().unwrap();
        let local = Local::open(root.path().into()).unwrap();
        fs::create_dir_all(root.path().join("k").join("1")).unwrap();
        assert_eq!(local.get("k", "1").unwrap(), b"");
        assert_eq!(local.front("k", "1", 32).unwrap(), b"");
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
