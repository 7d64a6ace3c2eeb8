use crate::config::GUEST_PAGES_MAX;
use crate::dirty::PAGE_BYTES;
use std::fmt;
use std::sync::Arc;

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
    /// Numbers of changed 4 KiB pages, ascending.
    pub(crate) pages: Vec<u32>,
    /// Their contents, one after the other.
    pub(crate) data: Vec<u8>,
}

impl Checkpoint {
    pub(crate) fn new(contents: Contents) -> Self {
        Self {
            contents: Arc::new(contents),
        }
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
        self.contents.data.len() as u64
    }

    /// For keeping it on disk. Takes about 2 ms per MiB that changed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let contents = &*self.contents;
        let mut bytes = Vec::with_capacity(128 + contents.pages.len() * 4 + contents.data.len() / 3);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&contents.module);
        bytes.extend_from_slice(&contents.memory_pages.to_le_bytes());
        bytes.extend_from_slice(&contents.monotonic.to_le_bytes());
        bytes.extend_from_slice(&count(contents.globals.len()));
        bytes.extend(contents.globals.iter().flat_map(|global| global.to_le_bytes()));
        bytes.extend_from_slice(&count(contents.pages.len()));
        bytes.extend(contents.pages.iter().flat_map(|page| page.to_le_bytes()));
        // Compressing into memory can only fail for want of memory; then the frame is empty and the checkpoint reads as impossible.
        bytes.extend(zstd::bulk::compress(&contents.data, ZSTD_LEVEL).unwrap_or_default());
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
        Ok(Self::new(contents))
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
            && self.pages.is_sorted_by(|a, b| a < b)
            && self.pages.last().is_none_or(|last| u64::from(*last) < end)
            && self.data.len() == self.pages.len() * PAGE_BYTES
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
        let pages = self.list(u32::from_le_bytes)?;
        if pages.len() as u64 > GUEST_PAGES_MAX << 4 {
            return None;
        }
        let data = zstd::bulk::decompress(self.0, pages.len() * PAGE_BYTES).ok()?;
        Some(Contents {
            module,
            memory_pages,
            monotonic,
            globals,
            pages,
            data,
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

    fn contents() -> Contents {
        Contents {
            module: [7; 32],
            memory_pages: 3,
            monotonic: 5,
            globals: vec![1, u64::MAX],
            pages: vec![0, 47],
            data: (0..=u8::MAX).cycle().take(2 * PAGE_BYTES).collect(),
        }
    }

    fn sealed(contents: Contents) -> Vec<u8> {
        Checkpoint::new(contents).to_bytes()
    }

    #[test]
    fn bytes_read_back_as_what_they_were() {
        let read = Checkpoint::from_bytes(&sealed(contents())).unwrap();
        assert!(*read.contents() == contents());
        let empty = Contents {
            globals: vec![],
            pages: vec![],
            data: vec![],
            ..contents()
        };
        assert!(Checkpoint::from_bytes(&sealed(empty)).is_ok());
    }

    #[test]
    fn every_cut_and_every_altered_byte_is_noticed() {
        let bytes = sealed(Contents {
            pages: vec![1],
            data: vec![9; PAGE_BYTES],
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
            pages: vec![0, 48],
            ..contents()
        };
        let unsorted = Contents {
            pages: vec![47, 0],
            ..contents()
        };
        let twice = Contents {
            pages: vec![3, 3],
            ..contents()
        };
        let short = Contents {
            data: vec![0; PAGE_BYTES],
            ..contents()
        };
        let huge = Contents {
            memory_pages: u32::MAX,
            ..contents()
        };
        for impossible in [beyond, unsorted, twice, short, huge] {
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
