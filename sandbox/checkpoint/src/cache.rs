//! What was kept or read lately, in a folder of this machine: a kernel that is woken where it was needs nothing from far away.
//!
//! Nothing here is trusted. Everything begins with its hash, which is checked when it is read, and then opened with its project's key like what
//! comes from the medium itself; what is not whole is fetched again. Nothing is flushed either: after a power cut it is empty or torn.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::objects::{Listed, Objects, PutError};

/// A medium, and a folder of copies of what is in it.
#[derive(Debug)]
pub struct Cached {
    medium: Box<dyn Objects>,
    root: PathBuf,
    bytes_max: u64,
    copies: Mutex<Copies>,
}

/// By file name: `<folder>@<name>`.
#[derive(Debug, Default)]
struct Copies {
    bytes: u64,
    sizes: HashMap<String, (u64, u64)>,
    /// The one that was used last is the last.
    used: BTreeMap<u64, String>,
    clock: u64,
}

impl Cached {
    /// Copies of at most `bytes_max` bytes together in this folder, which is made if need be and is nobody else's.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(medium: Box<dyn Objects>, root: PathBuf, bytes_max: u64) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        let mut found = Vec::new();
        for entry in fs::read_dir(&root)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if let Ok(name) = entry.file_name().into_string() {
                found.push((metadata.modified()?, name, metadata.len()));
            }
        }
        found.sort();
        let cached = Self {
            medium,
            root,
            bytes_max,
            copies: Mutex::default(),
        };
        for (_, name, bytes) in found {
            cached.note(name, bytes);
        }
        Ok(cached)
    }

    /// Keep a copy. One that cannot be kept is no loss.
    fn copy(&self, folder: &str, name: &str, bytes: &[u8]) {
        let file = format!("{folder}@{name}");
        if bytes.len() as u64 > self.bytes_max {
            return;
        }
        match fs::write(self.root.join(&file), bytes) {
            Ok(()) => self.note(file, bytes.len() as u64),
            Err(_) => self.drop_copy(&file),
        }
    }

    /// The copy, if it is whole.
    fn find(&self, folder: &str, name: &str) -> Option<Vec<u8>> {
        let file = format!("{folder}@{name}");
        if !self.copies().sizes.contains_key(&file) {
            return None;
        }
        let bytes = fs::read(self.root.join(&file)).unwrap_or_default();
        if bytes.split_first_chunk().is_some_and(|(hash, rest)| blake3::hash(rest) == *hash) {
            self.note(file, bytes.len() as u64);
            return Some(bytes);
        }
        self.drop_copy(&file);
        None
    }

    /// It is there, and was used just now. Those unused for longest make room.
    fn note(&self, file: String, bytes: u64) {
        let mut gone = Vec::new();
        {
            let mut copies = self.copies();
            copies.remove(&file);
            copies.clock += 1;
            let now = copies.clock;
            copies.bytes += bytes;
            copies.sizes.insert(file.clone(), (bytes, now));
            copies.used.insert(now, file);
            while copies.bytes > self.bytes_max {
                let Some((_, oldest)) = copies.used.first_key_value() else { break };
                let oldest = oldest.clone();
                copies.remove(&oldest);
                gone.push(oldest);
            }
        }
        for file in gone {
            let _ = fs::remove_file(self.root.join(file));
        }
    }

    fn drop_copy(&self, file: &str) {
        self.copies().remove(file);
        let _ = fs::remove_file(self.root.join(file));
    }

    fn copies(&self) -> MutexGuard<'_, Copies> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copies {
    fn remove(&mut self, file: &str) {
        if let Some((bytes, used)) = self.sizes.remove(file) {
            self.bytes -= bytes;
            self.used.remove(&used);
        }
    }
}

impl Objects for Cached {
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError> {
        self.medium.put_new(folder, name, bytes)?;
        self.copy(folder, name, bytes);
        Ok(())
    }

    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>> {
        if let Some(bytes) = self.find(folder, name) {
            return Ok(bytes);
        }
        let bytes = self.medium.get(folder, name)?;
        self.copy(folder, name, &bytes);
        Ok(bytes)
    }

    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>> {
        match self.find(folder, name) {
            Some(mut bytes) => {
                bytes.truncate(len);
                Ok(bytes)
            }
            None => self.medium.front(folder, name, len),
        }
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Listed>> {
        self.medium.list(folder)
    }

    fn delete(&self, folder: &str, name: &str) -> io::Result<()> {
        self.drop_copy(&format!("{folder}@{name}"));
        self.medium.delete(folder, name)
    }

    fn is_shared(&self) -> bool {
        self.medium.is_shared()
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::local::Local;

    fn certified(bytes: &[u8]) -> Vec<u8> {
        [blake3::hash(bytes).as_bytes(), bytes].concat()
    }

    fn cached(far: &TempDir, near: &TempDir, bytes_max: u64) -> Cached {
        let medium = Box::new(Local::open_shared(far.path().into()).unwrap());
        Cached::open(medium, near.path().join("copies"), bytes_max).unwrap()
    }

    fn copies(near: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(near.path().join("copies")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_kept_or_read_here_is_read_here_again_even_by_the_next_process() {
        let (far, near) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (one, two) = (certified(b"one"), certified(b"two"));
        Local::open(far.path().into()).unwrap().put_new("k", "2", &two).unwrap();
        let here = cached(&far, &near, 1000);
        here.put_new("k", "1", &one).unwrap();
        assert_eq!(here.get("k", "2").unwrap(), two);
        fs::remove_dir_all(far.path()).unwrap();
        for here in [here, cached(&far, &near, 1000)] {
            assert_eq!(
                (here.get("k", "1").unwrap(), here.get("k", "2").unwrap()),
                (one.clone(), two.clone())
            );
            assert_eq!(here.front("k", "2", 7).unwrap(), two[..7]);
        }
    }

    #[test]
    fn a_copy_that_is_torn_or_altered_is_fetched_again() {
        let (far, near) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let here = cached(&far, &near, 1000);
        let whole = certified(b"whole");
        here.put_new("k", "1", &whole).unwrap();
        let path = near.path().join("copies/k@1");
        for damaged in [&b""[..], &whole[..20], &certified(b"other")[..36], &[&whole[..], b"!"].concat()] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(here.get("k", "1").unwrap(), whole);
            assert_eq!(fs::read(&path).unwrap(), whole);
        }
    }

    #[test]
    fn copies_have_bounded_room_and_the_least_used_goes_first() {
        let (far, near) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let here = cached(&far, &near, 3 * 132);
        for name in ["1", "2", "3"] {
            here.put_new("k", name, &certified(&[1; 100])).unwrap();
        }
        here.get("k", "1").unwrap();
        here.put_new("k", "4", &certified(&[1; 100])).unwrap();
        assert_eq!(copies(&near), ["k@1", "k@3", "k@4"]);
        here.put_new("k", "large", &certified(&[1; 400])).unwrap();
        assert_eq!(copies(&near), ["k@1", "k@3", "k@4"]);
        here.delete("k", "3").unwrap();
        assert_eq!(copies(&near), ["k@1", "k@4"]);
        drop(here);
        let smaller = cached(&far, &near, 140);
        assert_eq!((copies(&near).len(), smaller.get("k", "1").unwrap().len()), (1, 132));
    }
}
