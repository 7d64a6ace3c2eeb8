//! A kernel's files: a tree by path, whose contents are shared blobs.

use bytes::Bytes;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::limits::{BLOB_BYTES_MAX, DESCRIPTORS_BYTES_MAX, ENTRIES_MAX, FILES_BYTES_MAX, PATH_BYTES_MAX};
use crate::state::Hash;

/// Part of a file's contents: at least one byte, at most [`BLOB_BYTES_MAX`]. Clones share them.
#[derive(Clone)]
pub struct Blob {
    hash: Hash,
    bytes: Bytes,
}

impl Blob {
    /// Hashes it, about 1 µs per 2 KiB. None when it is empty or too large.
    #[must_use]
    pub fn new(bytes: Bytes) -> Option<Self> {
        (1..=BLOB_BYTES_MAX).contains(&bytes.len()).then(|| Self {
            hash: *blake3::hash(&bytes).as_bytes(),
            bytes,
        })
    }

    /// BLAKE3 of its bytes.
    #[must_use]
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Blob {}

impl fmt::Debug for Blob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Blob({} bytes)", self.bytes.len())
    }
}

/// One file, folder or link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub node: Node,
    /// Permission bits.
    pub mode: u16,
    /// When its contents changed last: nanoseconds since the epoch.
    pub mtime: u64,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A folder. What is in it has its own entry.
    Folder,
    /// A file: its contents are these, one after the other.
    File(Vec<Blob>),
    /// A symbolic link to this path.
    Link(String),
}

impl Entry {
    /// Bytes of a file's contents; 0 for anything else.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.node {
            Node::File(blobs) => blobs.iter().map(|blob| blob.bytes.len() as u64).sum(),
            Node::Folder | Node::Link(_) => 0,
        }
    }
}

/// Why files cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// Too many.
    #[error("a kernel has at most {ENTRIES_MAX} files and folders")]
    TooMany,
    /// Too large together.
    #[error("a kernel's files have at most {FILES_BYTES_MAX} bytes together")]
    TooLarge,
    /// A path or a link's target is empty or too long.
    #[error("a path has 1 to {PATH_BYTES_MAX} bytes")]
    Path,
    /// The descriptors are too large.
    #[error("a kernel's file descriptors take at most {DESCRIPTORS_BYTES_MAX} bytes")]
    Descriptors,
}

/// All files of a kernel. Clones share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    entries: Arc<BTreeMap<String, Entry>>,
    descriptors: Bytes,
}

impl Files {
    /// `entries` by path. `descriptors` is whatever the file system wants to find again; nobody else looks into it.
    ///
    /// # Errors
    /// More than [`crate::limits`] allow.
    pub fn new(entries: BTreeMap<String, Entry>, descriptors: Bytes) -> Result<Self, FilesError> {
        if entries.len() > ENTRIES_MAX {
            return Err(FilesError::TooMany);
        }
        if descriptors.len() > DESCRIPTORS_BYTES_MAX {
            return Err(FilesError::Descriptors);
        }
        let good = |path: &str| (1..=PATH_BYTES_MAX).contains(&path.len());
        let mut bytes = 0_u64;
        for (path, entry) in &entries {
            if !good(path) || matches!(&entry.node, Node::Link(target) if !good(target)) {
                return Err(FilesError::Path);
            }
            bytes = bytes.saturating_add(entry.size());
        }
        if bytes > FILES_BYTES_MAX {
            return Err(FilesError::TooLarge);
        }
        Ok(Self {
            entries: Arc::new(entries),
            descriptors,
        })
    }

    /// By path.
    #[must_use]
    pub fn entries(&self) -> &BTreeMap<String, Entry> {
        &self.entries
    }

    /// What the file system wanted to find again.
    #[must_use]
    pub fn descriptors(&self) -> &Bytes {
        &self.descriptors
    }

    /// Whether it is the same tree, not only an equal one. Costs nothing.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.entries, &other.entries) && self.descriptors == other.descriptors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(node: Node) -> Entry {
        Entry {
            node,
            mode: 0o644,
            mtime: 1,
        }
    }

    fn files(entries: impl IntoIterator<Item = (String, Entry)>) -> Result<Files, FilesError> {
        Files::new(entries.into_iter().collect(), Bytes::new())
    }

    #[test]
    fn more_than_the_limits_is_refused() {
        assert!(Blob::new(Bytes::new()).is_none());
        let blob = Blob::new(vec![0; BLOB_BYTES_MAX].into()).unwrap();
        assert!(Blob::new(vec![0; BLOB_BYTES_MAX + 1].into()).is_none());

        let many = |count| (0..count).map(|number: usize| (number.to_string(), entry(Node::Folder)));
        assert!(files(many(ENTRIES_MAX)).is_ok());
        assert_eq!(files(many(ENTRIES_MAX + 1)), Err(FilesError::TooMany));

        let blobs = usize::try_from(FILES_BYTES_MAX).unwrap() / BLOB_BYTES_MAX;
        let large = |count| [("a".to_owned(), entry(Node::File(vec![blob.clone(); count])))];
        assert_eq!(files(large(blobs)).unwrap().entries()["a"].size(), FILES_BYTES_MAX);
        assert_eq!(files(large(blobs + 1)), Err(FilesError::TooLarge));

        let long = "x".repeat(PATH_BYTES_MAX + 1);
        assert_eq!(files([(long.clone(), entry(Node::Folder))]), Err(FilesError::Path));
        assert_eq!(files([(String::new(), entry(Node::Folder))]), Err(FilesError::Path));
        assert_eq!(files([("a".to_owned(), entry(Node::Link(long)))]), Err(FilesError::Path));
        let descriptors = vec![0; DESCRIPTORS_BYTES_MAX + 1].into();
        assert_eq!(Files::new(BTreeMap::new(), descriptors), Err(FilesError::Descriptors));
    }
}
