//! Compression in groups, each of which is one zstd frame.
//!
//! Level 1: on the memory of real kernels level 3 takes a third longer and saves 2 %, and groups of 64 KiB to 1 MiB differ by as much. So a group
//! is what a processor's cache holds easily.

use std::io;

use crate::page::PAGE_BYTES;

/// Pages of one group.
pub(crate) const GROUP_PAGES: usize = 64;
/// Bytes of one group before compression; the last one of a list is shorter.
pub(crate) const GROUP_BYTES: usize = GROUP_PAGES * PAGE_BYTES;

const ZSTD_LEVEL: i32 = 1;

/// Appends groups to an object: each is its length (32 bits) and its frame.
pub(crate) struct Writer<'a> {
    zstd: zstd::bulk::Compressor<'a>,
    group: Vec<u8>,
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> io::Result<Self> {
        Ok(Self {
            zstd: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
            group: Vec::with_capacity(GROUP_BYTES),
            out,
        })
    }

    /// More bytes. Groups are cut wherever they are full.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(GROUP_BYTES - self.group.len()));
            self.group.extend_from_slice(now);
            bytes = rest;
            if self.group.len() == GROUP_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// The last group.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if self.group.is_empty() { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> io::Result<()> {
        let at = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        let most = zstd::zstd_safe::compress_bound(self.group.len());
        self.out.reserve(most);
        let mut frame = io::Cursor::new(std::mem::take(self.out));
        frame.set_position(at as u64 + 4);
        let written = self.zstd.compress_to_buffer(&self.group, &mut frame);
        *self.out = frame.into_inner();
        let len = u32::try_from(written?).map_err(io::Error::other)?;
        if let Some(place) = self.out.get_mut(at..at + 4) {
            place.copy_from_slice(&len.to_le_bytes());
        }
        self.group.clear();
        Ok(())
    }
}

/// Frames of a list of groups, and how many bytes they have to give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Groups<'a> {
    /// Lengths and frames, checked against each other.
    bytes: &'a [u8],
    /// What they have to give together.
    len: usize,
}

impl<'a> Groups<'a> {
    /// Takes the groups that `len` bytes were cut into off the front of `input`. None when they are not all there.
    pub(crate) fn take(input: &mut &'a [u8], len: usize) -> Option<Self> {
        let mut rest = *input;
        for _ in 0..len.div_ceil(GROUP_BYTES) {
            let (frame, after) = rest.split_first_chunk()?;
            (_, rest) = after.split_at_checked(u32::from_le_bytes(*frame) as usize)?;
        }
        let bytes = input.get(..input.len() - rest.len())?;
        *input = rest;
        Some(Self { bytes, len })
    }

    /// The contents, one group after the other. Never gives more than it was made for: an error when a frame holds anything else than its
    /// group.
    pub(crate) fn expand(self) -> impl Iterator<Item = io::Result<Vec<u8>>> {
        let (mut rest, mut left) = (self.bytes, self.len);
        let mut zstd = zstd::bulk::Decompressor::new();
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let want = left.min(GROUP_BYTES);
            left -= want;
            let (frame, after) = rest.split_first_chunk()?;
            let (frame, after) = after.split_at_checked(u32::from_le_bytes(*frame) as usize)?;
            rest = after;
            let zstd = match &mut zstd {
                Ok(zstd) => zstd,
                Err(error) => return Some(Err(io::Error::new(error.kind(), error.to_string()))),
            };
            let mut group = Vec::with_capacity(want);
            Some(match zstd.decompress_to_buffer(frame, &mut group) {
                Ok(got) if got == want => Ok(group),
                Ok(_) => Err(io::ErrorKind::InvalidData.into()),
                Err(error) => Err(error),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(bytes: &[u8]) {
        let mut out = vec![9];
        let mut writer = Writer::new(&mut out).unwrap();
        for piece in bytes.chunks(1000) {
            writer.write(piece).unwrap();
        }
        writer.finish().unwrap();
        out.push(7);
        let mut input = &out[1..];
        let groups = Groups::take(&mut input, bytes.len()).unwrap();
        assert_eq!(input, [7]);
        let back: Vec<u8> = groups.expand().flat_map(Result::unwrap).collect();
        assert_eq!(back, bytes);
    }

    #[test]
    fn groups_give_back_what_went_in() {
        for len in [0, 1, GROUP_BYTES - 1, GROUP_BYTES, GROUP_BYTES + 1, 3 * GROUP_BYTES] {
            round_trip(&(0..=u8::MAX).cycle().take(len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_frame_that_holds_more_or_less_than_its_group_is_refused() {
        for (holds, said) in [(GROUP_BYTES, 10), (100 << 20, GROUP_BYTES), (10, 20)] {
            let frame = zstd::bulk::compress(&vec![0; holds], 1).unwrap();
            let bytes = [&u32::try_from(frame.len()).unwrap().to_le_bytes()[..], &frame].concat();
            let groups = Groups::take(&mut &bytes[..], said).unwrap();
            assert!(groups.expand().any(|group| group.is_err()), "{holds} as {said}");
        }
        assert!(Groups::take(&mut &[5, 0, 0, 0, 1][..], 1).is_none());
        assert!(Groups::take(&mut &[][..], 1).is_none());
    }
}
