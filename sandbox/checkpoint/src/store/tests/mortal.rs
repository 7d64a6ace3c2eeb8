//! A medium on which things happen in between.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::objects::{Listed, Objects, PutError};

/// A medium that fails from some change on, as if the process had been killed there.
#[derive(Debug)]
pub(super) struct Mortal {
    pub(super) medium: Box<dyn Objects>,
    pub(super) changes_left: AtomicUsize,
    /// Somebody else removes this when anything is put into another folder.
    pub(super) removed_by_others: Option<(String, String)>,
}

impl Mortal {
    fn dies(&self) -> bool {
        let live = |left: usize| left.checked_sub(1);
        self.changes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, live).is_err()
    }
}

impl Objects for Mortal {
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError> {
        if self.dies() {
            return Err(PutError::Failed(io::Error::other("killed")));
        }
        let put = self.medium.put_new(folder, name, bytes);
        if let Some((victim, object)) = self.removed_by_others.as_ref().filter(|(victim, _)| victim != folder) {
            self.medium.delete(victim, object)?;
        }
        put
    }

    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>> {
        self.medium.get(folder, name)
    }

    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>> {
        self.medium.front(folder, name, len)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Listed>> {
        self.medium.list(folder)
    }

    fn delete(&self, folder: &str, name: &str) -> io::Result<()> {
        if self.dies() {
            return Err(io::Error::other("killed"));
        }
        self.medium.delete(folder, name)
    }

    fn is_shared(&self) -> bool {
        self.medium.is_shared()
    }
}
