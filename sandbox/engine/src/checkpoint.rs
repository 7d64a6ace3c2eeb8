use crate::config::GUEST_PAGES_MAX;
use crate::memory::Frozen;
use bytes::Bytes;
use selvedge_checkpoint::{PAGE_BYTES, Page, Pages};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Why bytes are not a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// They do not begin like one.
    #[error("these bytes are not a kernel checkpoint")]
    NotACheckpoint,
    /// Another version of the format.
    #[error("this checkpoint has format {found}, this program reads format {VERSION}; it cannot be restored here")]
    Version {
        /// Of the checkpoint.
        found: u32,
    },
    /// The hash at the end is not that of what comes before.
    #[error("this checkpoint is damaged: it was cut off or altered; an earlier one is needed")]
    Damaged,
    /// It is whole, but what it says cannot be: nothing of ours wrote it.
    #[error("this checkpoint describes an impossible memory; an earlier one is needed")]
    Impossible,
}

const MAGIC: &[u8; 8] = b"SLVGCKPT";
const VERSION: u32 = 1;
const HASH_BYTES: usize = 32;
const ZSTD_LEVEL: i32 = 1;

/// A kernel's memory at a cell boundary: what differs from its image. Clones share it.
///
/// There is nothing native inside: it can be restored on any machine that has the same image.
#[derive(Clone)]
pub struct Checkpoint {
    contents: Arc<Contents>,
    /// Most of its pages, ready to be mapped. None: not worth it; empty: nobody asked yet.
    base: Arc<OnceLock<Option<Arc<Frozen>>>>,
}

#[derive(PartialEq, Eq)]
pub(crate) struct Contents {
    /// Hash of the image's module.
    pub(crate) module: [u8; HASH_BYTES],
    /// Size of the memory in 64 KiB pages.
    pub(crate) memory_pages: u32,
    /// The guest's monotonic clock in nanoseconds.
    pub(crate) monotonic: u64,
    /// Mutable globals as bits, in the order of the image's manifest.
    pub(crate) globals: Vec<u64>,
    /// What of the memory differs from the image.
    pub(crate) pages: Pages,
}

impl Checkpoint {
    /// `base`: where its kernel has most of its pages from, if they are layers.
    pub(crate) fn new(contents: Contents, base: Option<Arc<Frozen>>) -> Self {
        Self {
            contents: Arc::new(contents),
            base: Arc::new(base.map_or_else(OnceLock::new, |base| OnceLock::from(Some(base)))),
        }
    }

    /// Most of its pages, ready to be mapped; `freeze` makes that of all of them.
    pub(crate) fn base(&self, freeze: impl FnOnce(&Pages) -> Option<Frozen>) -> Option<&Arc<Frozen>> {
        self.base.get_or_init(|| freeze(&self.contents.pages).map(Arc::new)).as_ref()
    }

    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// BLAKE3 of the module it belongs to, in hexadecimal: [`crate::Image::hash`].
    #[must_use]
    pub fn image_hash(&self) -> String {
        blake3::Hash::from_bytes(self.contents.module).to_hex().to_string()
    }

    /// Bytes of memory that differ from the image.
    #[must_use]
    pub fn changed_bytes(&self) -> u64 {
        (self.contents.pages.len() * PAGE_BYTES) as u64
    }

    /// For keeping it on disk. Takes about 2 ms per MiB that changed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let contents = &*self.contents;
        let mut bytes = Vec::with_capacity(128 + contents.pages.len() * (PAGE_BYTES / 3));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&contents.module);
        bytes.extend_from_slice(&contents.memory_pages.to_le_bytes());
        bytes.extend_from_slice(&contents.monotonic.to_le_bytes());
        bytes.extend_from_slice(&count(contents.globals.len()));
        bytes.extend(contents.globals.iter().flat_map(|global| global.to_le_bytes()));
        bytes.extend_from_slice(&count(contents.pages.len()));
        bytes.extend(contents.pages.as_slice().iter().flat_map(|(page, _)| page.to_le_bytes()));
        let data: Vec<u8> = contents.pages.as_slice().iter().flat_map(|(_, page)| page.iter().copied()).collect();
        // Compressing into memory can only fail for want of memory; then the frame is empty and the checkpoint reads as impossible.
        bytes.extend(zstd::bulk::compress(&data, ZSTD_LEVEL).unwrap_or_default());
        let hash = blake3::hash(&bytes);
        bytes.extend_from_slice(hash.as_bytes());
        bytes
    }

    /// Reads what [`Checkpoint::to_bytes`] wrote.
    ///
    /// # Errors
    /// See [`CheckpointError`]: anything else than exactly those bytes is refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(CheckpointError::NotACheckpoint)?;
        let (version, _) = rest.split_first_chunk().ok_or(CheckpointError::Damaged)?;
        let found = u32::from_le_bytes(*version);
        if found != VERSION {
            return Err(CheckpointError::Version { found });
        }
        let (body, hash) = bytes.split_last_chunk::<HASH_BYTES>().ok_or(CheckpointError::Damaged)?;
        if blake3::hash(body) != *hash {
            return Err(CheckpointError::Damaged);
        }
        let contents = Reader(body)
            .contents()
            .filter(Contents::is_possible)
            .ok_or(CheckpointError::Impossible)?;
        Ok(Self::new(contents, None))
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Checkpoint")
            .field("image", &self.image_hash())
            .field("memory_pages", &self.contents.memory_pages)
            .field("changed_pages", &self.contents.pages.len())
            .finish()
    }
}

impl Contents {
    fn is_possible(&self) -> bool {
        let end = u64::from(self.memory_pages) << 4;
        u64::from(self.memory_pages) <= GUEST_PAGES_MAX
            && self.pages.as_slice().last().is_none_or(|(last, _)| u64::from(*last) < end)
    }
}

/// Takes a checkpoint's body apart; every length is held against what is there before anything is allocated for it.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn contents(mut self) -> Option<Contents> {
        self.take::<12>()?;
        let module = self.take()?;
        let memory_pages = u32::from_le_bytes(self.take()?);
        let monotonic = u64::from_le_bytes(self.take()?);
        let globals = self.list(u64::from_le_bytes)?;
        let numbers = self.list(u32::from_le_bytes)?;
        if numbers.len() as u64 > GUEST_PAGES_MAX << 4 {
            return None;
        }
        let data = Bytes::from(zstd::bulk::decompress(self.0, numbers.len() * PAGE_BYTES).ok()?);
        if data.len() != numbers.len() * PAGE_BYTES {
            return None;
        }
        let pages = (0..).zip(numbers).map(|(index, number)| {
            let page = Page::new(data.slice(index * PAGE_BYTES..(index + 1) * PAGE_BYTES))?;
            Some((number, page))
        });
        let pages = Pages::new(pages.collect::<Option<_>>()?).ok()?;
        Some(Contents {
            module,
            memory_pages,
            monotonic,
            globals,
            pages,
        })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn list<const N: usize, T>(&mut self, item: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        let count = u32::from_le_bytes(self.take()?) as usize;
        let (items, rest) = self.0.split_at_checked(count.checked_mul(N)?)?;
        self.0 = rest;
        Some(items.as_chunks().0.iter().map(|chunk| item(*chunk)).collect())
    }
}

fn count(len: usize) -> [u8; 4] {
    // Pages of a 32-bit memory: always fits.
    u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(numbers: &[u32]) -> Pages {
        let page = |number: &u32| (*number, Page::copy_of(&std::array::from_fn(|index| index.to_le_bytes()[0])));
        Pages::new(numbers.iter().map(page).collect()).unwrap()
    }

    fn contents() -> Contents {
        Contents {
            module: [7; 32],
            memory_pages: 3,
            monotonic: 5,
            globals: vec![1, u64::MAX],
            pages: pages(&[0, 47]),
        }
    }

    fn sealed(contents: Contents) -> Vec<u8> {
        Checkpoint::new(contents, None).to_bytes()
    }

    #[test]
    fn bytes_read_back_as_what_they_were() {
        let read = Checkpoint::from_bytes(&sealed(contents())).unwrap();
        assert!(*read.contents() == contents());
        let empty = Contents {
            globals: vec![],
            pages: Pages::default(),
            ..contents()
        };
        assert!(Checkpoint::from_bytes(&sealed(empty)).is_ok());
    }

    #[test]
    fn every_cut_and_every_altered_byte_is_noticed() {
        let bytes = sealed(Contents {
            pages: pages(&[1]),
            ..contents()
        });
        for len in 0..bytes.len() {
            assert!(Checkpoint::from_bytes(&bytes[..len]).is_err(), "cut at {len}");
        }
        for index in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[index] ^= 1;
            assert!(Checkpoint::from_bytes(&altered).is_err(), "altered at {index}");
        }
    }

    #[test]
    fn a_whole_checkpoint_of_an_impossible_memory_is_refused() {
        let beyond = Contents {
            pages: pages(&[0, 48]),
            ..contents()
        };
        let huge = Contents {
            memory_pages: u32::MAX,
            ..contents()
        };
        for impossible in [beyond, huge] {
            assert_eq!(
                Checkpoint::from_bytes(&sealed(impossible)).unwrap_err(),
                CheckpointError::Impossible
            );
        }
    }

    #[test]
    fn other_formats_are_told_apart() {
        assert_eq!(Checkpoint::from_bytes(b"pickle").unwrap_err(), CheckpointError::NotACheckpoint);
        let mut newer = sealed(contents());
        newer[8] = 2;
        assert_eq!(Checkpoint::from_bytes(&newer).unwrap_err(), CheckpointError::Version { found: 2 });
    }
}
