//! A kernel's files as a checkpoint sees them: a tree that only the file system reads, and the blobs that it names.

use bytes::Bytes;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::limits::{BLOB_BYTES_MAX, BLOBS_MAX, FILES_BYTES_MAX, TREE_BYTES_MAX};
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
        let hash = *blake3::hash(&bytes).as_bytes();
        Self::known(hash, bytes)
    }

    /// One whose hash was computed before. None when it is empty or too large.
    #[must_use]
    pub fn known(hash: Hash, bytes: Bytes) -> Option<Self> {
        (1..=BLOB_BYTES_MAX).contains(&bytes.len()).then_some(Self { hash, bytes })
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

/// Why files cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The blobs are too large together.
    #[error("a kernel's files have at most {FILES_BYTES_MAX} bytes and {BLOBS_MAX} blobs together")]
    TooLarge,
    /// The tree is too large.
    #[error("the tree of a kernel's files has at most {TREE_BYTES_MAX} bytes")]
    Tree,
}

/// All files of a kernel. Clones share them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Files {
    tree: Bytes,
    blobs: Arc<BTreeMap<Hash, Blob>>,
}

impl Files {
    /// `tree` is whatever the file system needs to find everything again; nobody else looks into it. `blobs` are those that it names, in any
    /// order and as often as it likes.
    ///
    /// # Errors
    /// More than [`crate::limits`] allow.
    pub fn new(tree: Bytes, blobs: impl IntoIterator<Item = Blob>) -> Result<Self, FilesError> {
        if tree.len() > TREE_BYTES_MAX {
            return Err(FilesError::Tree);
        }
        let mut bytes = 0;
        let mut kept = BTreeMap::new();
        for blob in blobs {
            let len = blob.bytes.len() as u64;
            if kept.insert(blob.hash, blob).is_none() {
                bytes += len;
            }
            if bytes > FILES_BYTES_MAX || kept.len() > BLOBS_MAX {
                return Err(FilesError::TooLarge);
            }
        }
        Ok(Self {
            tree,
            blobs: Arc::new(kept),
        })
    }

    /// What the file system needs to find everything again; empty when there are no files.
    #[must_use]
    pub fn tree(&self) -> &Bytes {
        &self.tree
    }

    /// A blob that the tree names.
    #[must_use]
    pub fn blob(&self, hash: &Hash) -> Option<&Blob> {
        self.blobs.get(hash)
    }

    /// All of them, by hash.
    pub fn blobs(&self) -> impl ExactSizeIterator<Item = &Blob> {
        self.blobs.values()
    }

    /// Whether these are the same files, not only equal ones. Costs nothing; files that are not the same can still be equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.blobs, &other.blobs) && self.tree.as_ptr() == other.tree.as_ptr() && self.tree.len() == other.tree.len()
    }
}

impl fmt::Debug for Files {
    /// Whose contents are nobody's business.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Files({} bytes, {} blobs)", self.tree.len(), self.blobs.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_limits_is_refused() {
        assert!(Blob::new(Bytes::new()).is_none());
        assert!(Blob::new(vec![0; BLOB_BYTES_MAX + 1].into()).is_none());
        let bytes = Bytes::from(vec![0; BLOB_BYTES_MAX]);
        let blob = |number: usize| {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&(number as u64).to_le_bytes());
            Blob::known(hash, bytes.clone()).unwrap()
        };
        let most = usize::try_from(FILES_BYTES_MAX).unwrap() / BLOB_BYTES_MAX;
        assert_eq!(Files::new(Bytes::new(), (0..most).map(blob)).unwrap().blobs().len(), most);
        assert_eq!(Files::new(Bytes::new(), (0..=most).map(blob)), Err(FilesError::TooLarge));
        // A blob that is named twice is there once.
        assert!(Files::new(Bytes::new(), (0..=most).map(|_| blob(1))).is_ok());

        let tree = Bytes::from(vec![0; TREE_BYTES_MAX + 1]);
        assert!(Files::new(tree.slice(1..), []).is_ok());
        assert_eq!(Files::new(tree, []), Err(FilesError::Tree));
    }
}
