use bytes::Bytes;
use std::sync::{Arc, OnceLock};

/// Contents are cut into pieces of this size; the last one of a file can be shorter.
pub const BLOB_BYTES: usize = 64 << 10;

/// A piece of a file's content, at most [`BLOB_BYTES`] long. Clones share it.
#[derive(Clone, Debug)]
pub struct Blob(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bytes: Bytes,
    hash: OnceLock<[u8; 32]>,
}

impl Clone for Inner {
    /// Made only to be changed, so the hash stays behind.
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            hash: OnceLock::new(),
        }
    }
}

impl Blob {
    /// A piece with these bytes.
    #[must_use]
    pub fn new(bytes: Bytes) -> Self {
        Self(Arc::new(Inner {
            bytes,
            hash: OnceLock::new(),
        }))
    }

    /// One whose hash was computed before.
    #[must_use]
    pub fn known(hash: [u8; 32], bytes: Bytes) -> Self {
        Self(Arc::new(Inner {
            bytes,
            hash: OnceLock::from(hash),
        }))
    }

    /// What it holds.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0.bytes
    }

    /// BLAKE3 of [`Blob::bytes`], computed once.
    #[must_use]
    pub fn hash(&self) -> &[u8; 32] {
        self.0.hash.get_or_init(|| *blake3::hash(&self.0.bytes).as_bytes())
    }

    /// Changes its bytes: a copy of them if somebody else has them too.
    fn change(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        let inner = Arc::make_mut(&mut self.0);
        inner.hash.take();
        let mut bytes = Vec::from(std::mem::take(&mut inner.bytes));
        change(&mut bytes);
        inner.bytes = bytes.into();
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.hash() == other.hash()
    }
}

impl Eq for Blob {}

/// What a file holds: full blobs and a last one that is neither empty nor longer than the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    blobs: Vec<Blob>,
}

impl Content {
    /// None when they are not cut as contents are.
    pub(crate) fn from_blobs(blobs: Vec<Blob>) -> Option<Self> {
        let (last, full) = match blobs.split_last() {
            Some((last, full)) => (last.bytes().len(), full),
            None => (BLOB_BYTES, &[][..]),
        };
        let whole = (1..=BLOB_BYTES).contains(&last) && full.iter().all(|blob| blob.bytes().len() == BLOB_BYTES);
        whole.then_some(Self { blobs })
    }

    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            blobs: bytes
                .chunks(BLOB_BYTES)
                .map(|piece| Blob::new(Bytes::copy_from_slice(piece)))
                .collect(),
        }
    }

    pub(crate) fn blobs(&self) -> &[Blob] {
        &self.blobs
    }

    pub(crate) fn len(&self) -> u64 {
        let Some((last, full)) = self.blobs.split_last() else { return 0 };
        (full.len() * BLOB_BYTES + last.bytes().len()) as u64
    }

    /// Copies from `offset` on into `to`; how many bytes there were.
    pub(crate) fn read(&self, offset: u64, to: &mut [u8]) -> usize {
        let Ok(mut at) = usize::try_from(offset) else { return 0 };
        let (mut rest, begin) = (to, at);
        while let Some(blob) = self.blobs.get(at / BLOB_BYTES).filter(|_| !rest.is_empty()) {
            let bytes = blob.bytes().get(at % BLOB_BYTES..).unwrap_or_default();
            let (place, later) = rest.split_at_mut(rest.len().min(bytes.len()));
            let (bytes, _) = bytes.split_at(place.len());
            if bytes.is_empty() {
                break;
            }
            place.copy_from_slice(bytes);
            at += bytes.len();
            rest = later;
        }
        at - begin
    }

    /// Puts `bytes` at `offset`, with zeros before them where there was nothing. The caller keeps to the bounds.
    pub(crate) fn write(&mut self, offset: u64, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let end = offset + bytes.len() as u64;
        if end > self.len() {
            self.resize(end);
        }
        let Ok(mut at) = usize::try_from(offset) else { return };
        let mut rest = bytes;
        while let Some(blob) = self.blobs.get_mut(at / BLOB_BYTES).filter(|_| !rest.is_empty()) {
            let begin = at % BLOB_BYTES;
            let (now, later) = rest.split_at(rest.len().min(BLOB_BYTES - begin));
            blob.change(|bytes| {
                if let Some(place) = bytes.get_mut(begin..begin + now.len()) {
                    place.copy_from_slice(now);
                }
            });
            at += now.len();
            rest = later;
        }
    }

    /// Cuts it off, or makes it longer with zeros. Blobs of zeros share one.
    pub(crate) fn resize(&mut self, len: u64) {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let count = len.div_ceil(BLOB_BYTES);
        if count > self.blobs.len() {
            if let Some(last) = self.blobs.last_mut().filter(|last| last.bytes().len() < BLOB_BYTES) {
                last.change(|bytes| bytes.resize(BLOB_BYTES, 0));
            }
            self.blobs.resize(count, Blob::new(vec![0; BLOB_BYTES].into()));
        }
        self.blobs.truncate(count);
        let last_len = len - count.saturating_sub(1) * BLOB_BYTES;
        if let Some(last) = self.blobs.last_mut().filter(|last| last.bytes().len() != last_len) {
            last.change(|bytes| bytes.resize(last_len, 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const B: u64 = BLOB_BYTES as u64;

    fn size(len: u64) -> usize {
        usize::try_from(len).unwrap()
    }

    fn all(content: &Content) -> Vec<u8> {
        let mut bytes = vec![7; size(content.len()) + 3];
        let read = content.read(0, &mut bytes);
        bytes.truncate(read);
        bytes
    }

    #[test]
    fn it_holds_what_a_plain_vector_would_hold() {
        // Every operation meets every boundary: of a blob, of the end, of nothing.
        let places = [0, 1, B - 1, B, B + 1, 2 * B - 1, 2 * B, 3 * B + 5];
        for begin in places {
            for offset in places {
                for len in [0, 1, 10, B, 2 * B + 1] {
                    let mut plain: Vec<u8> = (0..begin).map(|at| (at % 251) as u8).collect();
                    let mut content = Content::of(&plain);
                    let bytes: Vec<u8> = (0..len).map(|at| (at % 13) as u8 + 1).collect();
                    content.write(offset, &bytes);
                    if len > 0 {
                        let (at, end) = (size(offset), size(offset + len));
                        plain.resize(plain.len().max(end), 0);
                        plain[at..end].copy_from_slice(&bytes);
                    }
                    assert!(all(&content) == plain, "{begin} {offset} {len}");
                    content.resize(offset);
                    plain.resize(size(offset), 0);
                    assert!(all(&content) == plain, "{begin} {offset} {len} cut");
                    assert!(Content::from_blobs(content.blobs().to_vec()).is_some());
                }
            }
        }
    }

    #[test]
    fn a_write_copies_one_blob_of_a_shared_content() {
        let before = Content::of(&vec![1; 10 * BLOB_BYTES]);
        let mut after = before.clone();
        after.write(3 * B + 7, b"x");
        let same = before
            .blobs
            .iter()
            .zip(&after.blobs)
            .filter(|(a, b)| Arc::ptr_eq(&a.0, &b.0))
            .count();
        assert_eq!(same, 9);
        assert_ne!(before, after);
        assert_eq!(before.read(3 * B + 7, &mut [0]), 1);
    }

    #[test]
    fn a_hash_is_that_of_the_bytes_also_after_a_change() {
        let mut content = Content::of(b"one");
        assert_eq!(content.blobs()[0].hash(), blake3::hash(b"one").as_bytes());
        content.write(0, b"two");
        assert_eq!(content.blobs()[0].hash(), blake3::hash(b"two").as_bytes());
    }

    #[test]
    fn blobs_that_no_content_has_are_refused() {
        for sizes in [&[0][..], &[5, 5], &[BLOB_BYTES + 1], &[BLOB_BYTES, 0]] {
            let blobs = sizes.iter().map(|len| Blob::new(vec![0; *len].into())).collect();
            assert!(Content::from_blobs(blobs).is_none(), "{sizes:?}");
        }
        assert!(Content::from_blobs(vec![]).is_some());
    }
}
