//! A state as bytes: the tree without its contents, which are named by their hashes, and what is open.

use crate::content::{BLOB_BYTES, Blob, Content};
use crate::descriptors::{Descriptor, Descriptors, FIRST};
use crate::files::{FilesState, is_packaged};
use crate::tree::{Directory, ENVIRONMENT, Kind, Node, NodeId, ROOT, Times, Tree};
use bytes::Bytes;
use selvedge_protocol::limits::{FILE_BYTES_MAX, FILES_BYTES_MAX, FILES_COUNT_MAX, OPEN_FILES_MAX};
use std::collections::BTreeMap;
use std::sync::Arc;

const VERSION: u8 = 1;
const IS_DIRECTORY: u8 = 1;
const IS_LINKED: u8 = 2;
const READ: u8 = 1;
const WRITE: u8 = 2;
const APPEND: u8 = 4;

/// Bytes that say nothing that a kernel's files could be, or that name a blob that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a file tree, or pieces of it are missing")]
pub struct Malformed;

impl FilesState {
    /// Everything but the contents: those are [`FilesState::blobs`], named here by their hashes. The same state gives the same bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        self.tree.encode(&mut bytes);
        bytes.extend(length(self.descriptors.iter().count()));
        for (number, open) in self.descriptors.iter() {
            bytes.extend(number.to_le_bytes());
            bytes.extend(open.node.to_le_bytes());
            bytes.extend(open.offset.to_le_bytes());
            bytes.push(flag(open.read, READ) | flag(open.write, WRITE) | flag(open.append, APPEND));
        }
        bytes
    }

    /// Every piece of every file; a piece that several have comes as often.
    pub fn blobs(&self) -> impl Iterator<Item = &Blob> {
        self.tree.blobs()
    }

    /// Reads what [`FilesState::encode`] wrote, with the blobs that `blob` has by their hash.
    ///
    /// # Errors
    /// `Malformed`: also what is past one of the bounds.
    pub fn decode(bytes: &[u8], mut blob: impl FnMut(&[u8; 32]) -> Option<Blob>) -> Result<Self, Malformed> {
        let mut reader = Reader(bytes);
        let state = reader.state(&mut blob).ok_or(Malformed)?;
        if reader.0.is_empty() { Ok(state) } else { Err(Malformed) }
    }
}

impl Tree {
    /// The whole tree with its contents, for an image's packages.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        self.encode(&mut bytes);
        for blob in self.blobs() {
            bytes.extend_from_slice(blob.bytes());
        }
        bytes
    }

    /// Reads what [`Tree::to_bytes`] wrote of an [`Tree::environment`]. Not bounded: an image is checked by its hash.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        // Where the contents begin is known only when the names have been read: once to find out, once for good.
        let mut reader = Reader(bytes);
        let mut read = || {
            reader.version()?;
            let mut sizes = Vec::new();
            reader.tree(ENVIRONMENT, u64::MAX, &mut |_, len| {
                sizes.push(len);
                Some(Blob::new(vec![0; len].into()))
            })?;
            let mut rest = reader.0;
            let mut contents = Vec::new();
            for size in sizes {
                let (piece, after) = rest.split_at_checked(size)?;
                contents.push(piece);
                rest = after;
            }
            if !rest.is_empty() {
                return None;
            }
            let mut contents = contents.into_iter();
            let mut again = Reader(bytes);
            again.version()?;
            again.tree(ENVIRONMENT, u64::MAX, &mut |hash, _| {
                let blob = Blob::new(Bytes::copy_from_slice(contents.next()?));
                (blob.hash() == hash).then_some(blob)
            })
        };
        read().ok_or(Malformed)
    }

    fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.next().to_le_bytes());
        bytes.extend(length(self.count()));
        for (id, node) in self.nodes() {
            bytes.extend(id.to_le_bytes());
            bytes.extend(node.parent.to_le_bytes());
            bytes.push(flag(node.is_directory(), IS_DIRECTORY) | flag(node.linked, IS_LINKED));
            for time in [node.times.accessed, node.times.modified, node.times.changed] {
                bytes.extend(time.to_le_bytes());
            }
            bytes.extend(length(node.name.len()));
            bytes.extend_from_slice(node.name.as_bytes());
            if let Kind::File(content) = &node.kind {
                bytes.extend(content.len().to_le_bytes());
                bytes.extend(content.blobs().iter().flat_map(Blob::hash));
            }
        }
    }
}

/// Takes bytes apart; nothing is allocated for a length before that many bytes are seen to be there.
struct Reader<'a>(&'a [u8]);

/// A blob by its hash, and how long it has to be.
type Blobs<'a> = dyn FnMut(&[u8; 32], usize) -> Option<Blob> + 'a;

impl Reader<'_> {
    fn state(&mut self, blob: &mut dyn FnMut(&[u8; 32]) -> Option<Blob>) -> Option<FilesState> {
        self.version()?;
        let tree = self.tree(ROOT, FILES_COUNT_MAX, &mut |hash, len| {
            blob(hash).filter(|blob| blob.bytes().len() == len)
        })?;
        let mut descriptors = BTreeMap::new();
        for _ in 0..self.count()? {
            let number = u32::from_le_bytes(self.take()?);
            let node = u64::from_le_bytes(self.take()?);
            let offset = u64::from_le_bytes(self.take()?);
            let [flags] = self.take()?;
            let descriptor = Descriptor {
                node,
                offset,
                read: flags & READ != 0,
                write: flags & WRITE != 0,
                append: flags & APPEND != 0,
            };
            // What is below `/environment` only the image knows.
            let there = is_packaged(node) && !descriptor.write || tree.get(node).is_some();
            if !there || number < FIRST || i64::try_from(offset).is_err() || descriptors.insert(number, descriptor).is_some() {
                return None;
            }
        }
        let opened = descriptors.len() as u64 <= OPEN_FILES_MAX + 1;
        let rooted = descriptors.get(&FIRST).is_some_and(|root| root.node == ROOT);
        let descriptors = Descriptors::new(descriptors);
        let used = tree.nodes().iter().all(|(id, node)| node.linked || descriptors.has(*id));
        (opened && rooted && used && tree.bytes() <= FILES_BYTES_MAX).then(|| FilesState {
            tree: Arc::new(tree),
            descriptors: Arc::new(descriptors),
        })
    }

    fn version(&mut self) -> Option<()> {
        (self.take()? == [VERSION]).then_some(())
    }

    fn tree(&mut self, root: NodeId, most: u64, blob: &mut Blobs<'_>) -> Option<Tree> {
        let next = u64::from_le_bytes(self.take()?);
        let count = self.count()?;
        if count as u64 > most {
            return None;
        }
        let mut nodes = BTreeMap::new();
        for _ in 0..count {
            let id = u64::from_le_bytes(self.take()?);
            if nodes.insert(id, Arc::new(self.node(blob)?)).is_some() {
                return None;
            }
        }
        Tree::from_nodes(nodes, next, root)
    }

    fn node(&mut self, blob: &mut Blobs<'_>) -> Option<Node> {
        let parent = u64::from_le_bytes(self.take()?);
        let [flags] = self.take()?;
        let mut time = || self.take().map(u64::from_le_bytes);
        let times = Times {
            accessed: time()?,
            modified: time()?,
            changed: time()?,
        };
        let len = self.count()?;
        let (name, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(Node {
            parent,
            name: Arc::from(str::from_utf8(name).ok()?),
            linked: flags & IS_LINKED != 0,
            times,
            kind: if flags & IS_DIRECTORY != 0 {
                Kind::Directory(Directory::default())
            } else {
                Kind::File(self.content(blob)?)
            },
        })
    }

    fn content(&mut self, blob: &mut Blobs<'_>) -> Option<Content> {
        let mut left = u64::from_le_bytes(self.take()?);
        if left > FILE_BYTES_MAX {
            return None;
        }
        let mut blobs = Vec::new();
        while left > 0 {
            let len = left.min(BLOB_BYTES as u64);
            let hash = self.take()?;
            blobs.push(blob(&hash, usize::try_from(len).ok()?)?);
            left -= len;
        }
        Content::from_blobs(blobs)
    }

    fn count(&mut self) -> Option<usize> {
        self.take().map(|count| u32::from_le_bytes(count) as usize)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}

fn flag(is: bool, bit: u8) -> u8 {
    if is { bit } else { 0 }
}

/// Of names, nodes and descriptors: all bounded far below 2^32.
fn length(len: usize) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes()
}
