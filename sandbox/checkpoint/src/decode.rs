//! Reading an object: from bytes that anybody may have written to something whose every number is possible.
//!
//! Nothing is decompressed here, and nothing is allocated that the bytes at hand do not pay for. [`crate::Chain::read`] goes on from there.

use crate::groups::Groups;
use crate::limits::{BLOB_BYTES_MAX, BLOBS_MAX, FILES_BYTES_MAX, GLOBALS_MAX, MEMORY_PAGES_MAX, TREE_BYTES_MAX};
use crate::page::PAGE_BYTES;
use crate::state::{Hash, Registers};

pub(crate) const MAGIC: &[u8; 8] = b"SLVGCKPT";
/// Of the format that this program writes, and the only one that it reads.
pub(crate) const VERSION: u32 = 2;

/// Why bytes are not an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They do not begin like one.
    #[error("these bytes are not a kernel checkpoint")]
    NotACheckpoint,
    /// Another version of the format.
    #[error("this checkpoint has format {found}, this program reads format {VERSION}; it cannot be restored here")]
    Version {
        /// Of the checkpoint.
        found: u32,
    },
    /// They end in the middle.
    #[error("this checkpoint is cut off; an earlier one is needed")]
    CutOff,
    /// Something follows the end.
    #[error("this checkpoint goes on after its end; an earlier one is needed")]
    Trailing,
    /// A number is larger than anything can be.
    #[error("this checkpoint describes an impossible memory ({what}); an earlier one is needed")]
    Impossible {
        /// Which.
        what: &'static str,
    },
}

const fn impossible(what: &'static str) -> DecodeError {
    DecodeError::Impossible { what }
}

/// Where the contents of a changed page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In an object before this one, or before this page in this one: the page with the same hash.
    Earlier,
    /// In this object.
    Plain,
    /// In this object, as the difference (exclusive or) to the image's page of the same number.
    Image,
    /// In this object, as the difference to what the page of the same number was before.
    Before,
}

/// A page that differs from what it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub number: u32,
    /// Where its contents are.
    pub source: Source,
    /// BLAKE3 of its contents.
    pub hash: Hash,
}

/// One object, taken apart: what a kernel's state is, told as what differs from the state before.
#[derive(Clone, Debug)]
pub struct Delta<'a> {
    /// How many objects there are before it; 0: it needs none.
    pub depth: u16,
    /// All of them, as they are now.
    pub registers: Registers,
    /// Pages that are as in the image again, ascending.
    pub reverted: Vec<u32>,
    /// Pages that differ from before, ascending.
    pub changes: Vec<Change>,
    pub(crate) pages: Groups<'a>,
    pub(crate) files: Option<FilesDelta<'a>>,
}

#[derive(Clone, Debug)]
pub(crate) struct FilesDelta<'a> {
    pub(crate) tree: Groups<'a>,
    /// Blobs that are no longer named.
    pub(crate) gone: &'a [Hash],
    /// Sizes of the new ones.
    pub(crate) sizes: Vec<u32>,
    pub(crate) blobs: Groups<'a>,
}

impl<'a> Delta<'a> {
    /// Takes `bytes` apart. Total: whatever they are, it answers, in time and memory proportional to them.
    ///
    /// # Errors
    /// See [`DecodeError`].
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(DecodeError::NotACheckpoint)?;
        let mut input = Input(rest);
        let found = input.u32()?;
        if found != VERSION {
            return Err(DecodeError::Version { found });
        }
        let depth = u16::from_le_bytes(input.take()?);
        let registers = input.registers()?;
        let end = registers.memory_pages << 4;
        let reverted: Vec<u32> = input
            .list("reverted pages", end as usize)?
            .iter()
            .map(|n| u32::from_le_bytes(*n))
            .collect();
        if !reverted.is_sorted_by(|a, b| a < b) || reverted.last().is_some_and(|last| *last >= end) {
            return Err(impossible("reverted pages"));
        }
        let changes = input.changes(end)?;
        let here = changes.iter().filter(|change| change.source != Source::Earlier).count();
        let full_but_needs = |change: &Change| change.source == Source::Before;
        if depth == 0 && (!reverted.is_empty() || changes.iter().any(full_but_needs)) {
            return Err(impossible("an object without any before it that needs one"));
        }
        let pages = input.groups(here * PAGE_BYTES)?;
        let files = match input.take()? {
            [0] => None,
            [1] => Some(input.files()?),
            _ => return Err(impossible("files")),
        };
        if !input.0.is_empty() {
            return Err(DecodeError::Trailing);
        }
        Ok(Self {
            depth,
            registers,
            reverted,
            changes,
            pages,
            files,
        })
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(DecodeError::CutOff)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u32(&mut self) -> Result<u32, DecodeError> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, DecodeError> {
        self.take().map(u64::from_le_bytes)
    }

    /// A count of at most `most`, and so many items of `N` bytes.
    fn list<const N: usize>(&mut self, what: &'static str, most: usize) -> Result<&'a [[u8; N]], DecodeError> {
        let count = self.u32()? as usize;
        if count > most {
            return Err(impossible(what));
        }
        let len = count.checked_mul(N).ok_or_else(|| impossible(what))?;
        let (items, rest) = self.0.split_at_checked(len).ok_or(DecodeError::CutOff)?;
        self.0 = rest;
        Ok(items.as_chunks().0)
    }

    fn groups(&mut self, len: usize) -> Result<Groups<'a>, DecodeError> {
        Groups::take(&mut self.0, len).ok_or(DecodeError::CutOff)
    }

    fn registers(&mut self) -> Result<Registers, DecodeError> {
        let module = self.take()?;
        let memory_pages = self.u32()?;
        if memory_pages > MEMORY_PAGES_MAX {
            return Err(impossible("memory size"));
        }
        Ok(Registers {
            module,
            memory_pages,
            monotonic: self.u64()?,
            entropy: self.u64()?,
            globals: self
                .list("globals", GLOBALS_MAX)?
                .iter()
                .map(|bits| u64::from_le_bytes(*bits))
                .collect(),
        })
    }

    fn changes(&mut self, end: u32) -> Result<Vec<Change>, DecodeError> {
        const BYTES: usize = 4 + 1 + 32;
        let items: &[[u8; BYTES]] = self.list("changed pages", end as usize)?;
        let mut changes: Vec<Change> = Vec::with_capacity(items.len());
        for item in items {
            let mut item = Input(item);
            let number = item.u32()?;
            let source = match item.take()? {
                [0] => Source::Earlier,
                [1] => Source::Plain,
                [2] => Source::Image,
                [3] => Source::Before,
                _ => return Err(impossible("where a page is")),
            };
            if number >= end || changes.last().is_some_and(|last| last.number >= number) {
                return Err(impossible("changed pages"));
            }
            let hash = item.take()?;
            changes.push(Change { number, source, hash });
        }
        Ok(changes)
    }

    fn files(&mut self) -> Result<FilesDelta<'a>, DecodeError> {
        let len = self.u32()? as usize;
        if len > TREE_BYTES_MAX {
            return Err(impossible("files"));
        }
        let tree = self.groups(len)?;
        let gone = self.list("blobs", BLOBS_MAX)?;
        let sizes: Vec<u32> = self
            .list("blobs", BLOBS_MAX)?
            .iter()
            .map(|size| u32::from_le_bytes(*size))
            .collect();
        let good = |size: &u32| (1..=BLOB_BYTES_MAX).contains(&(*size as usize));
        let together: u64 = sizes.iter().map(|size| u64::from(*size)).sum();
        if !sizes.iter().all(good) || together > FILES_BYTES_MAX {
            return Err(impossible("blobs"));
        }
        let len = usize::try_from(together).map_err(|_| impossible("blobs"))?;
        Ok(FilesDelta {
            tree,
            gone,
            sizes,
            blobs: self.groups(len)?,
        })
    }
}

impl Source {
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Earlier => 0,
            Self::Plain => 1,
            Self::Image => 2,
            Self::Before => 3,
        }
    }
}
