//! Compression in groups, each of which is one zstd frame.
//!
//! The fastest level that still codes what is rare by more bits: on the memory of real kernels level 1 takes a fifth longer, and a third longer to
//! read, and saves 6 %; level 3 half as long again, and saves 8 %. Groups of 64 KiB to 1 MiB differ by 2 %, so a group is what a processor's
//! cache holds easily.

use std::io;

use crate::crew;
use crate::page::{PAGE_BYTES, Page, PageBytes};

/// Pages of one group.
pub(crate) const GROUP_PAGES: usize = 64;
/// Bytes of one group before compression; the last one of a list is shorter.
pub(crate) const GROUP_BYTES: usize = GROUP_PAGES * PAGE_BYTES;

const ZSTD_LEVEL: i32 = -1;

/// From so many groups on, 1 MiB, it is worth a thread to compress them.
const WORTH_GROUPS: usize = 4;

/// Appends pages, each as it is or as the difference to another, in groups.
pub(crate) fn write_pages(pages: &[(&Page, Option<&PageBytes>)], out: &mut Vec<u8>) -> io::Result<()> {
    let groups: Vec<_> = pages.chunks(GROUP_PAGES).collect();
    let begin = || (Press::new(), Vec::with_capacity(GROUP_BYTES));
    let frames = crew::each(&groups, 1, WORTH_GROUPS, begin, |(press, group), pages| {
        group.clear();
        for (page, base) in *pages {
            match base {
                Some(base) => group.extend_from_slice(&difference(page, base)),
                None => group.extend_from_slice(&page[..]),
            }
        }
        let mut framed = Vec::new();
        press
            .as_mut()
            .map_err(|error| io::Error::other(error.to_string()))?
            .frame(group, &mut framed)?;
        io::Result::Ok(framed)
    })?;
    for frame in frames {
        out.extend_from_slice(&frame?);
    }
    Ok(())
}

/// The exclusive or of two pages.
pub(crate) fn difference(page: &PageBytes, base: &PageBytes) -> PageBytes {
    let mut out = [0; PAGE_BYTES];
    for ((out, a), b) in out.iter_mut().zip(page).zip(base) {
        *out = a ^ b;
    }
    out
}

/// Makes frames.
struct Press {
    zstd: zstd::bulk::Compressor<'static>,
    frame: Vec<u8>,
}

impl Press {
    fn new() -> io::Result<Self> {
        Ok(Self {
            zstd: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
            frame: Vec::with_capacity(zstd::zstd_safe::compress_bound(GROUP_BYTES)),
        })
    }

    /// Appends the length and the frame of `group`.
    fn frame(&mut self, group: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        self.frame.clear();
        self.zstd.compress_to_buffer(group, &mut self.frame)?;
        let len = u32::try_from(self.frame.len()).map_err(io::Error::other)?;
        out.reserve(4 + self.frame.len());
        out.extend_from_slice(&len.to_le_bytes());
        out.extend_from_slice(&self.frame);
        Ok(())
    }
}

/// Appends bytes to an object in groups: each is its length (32 bits) and its frame.
pub(crate) struct Writer<'a> {
    press: Press,
    group: Vec<u8>,
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> io::Result<Self> {
        Ok(Self {
            press: Press::new()?,
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
        self.press.frame(&self.group, self.out)?;
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
    pub(crate) fn expand(self) -> io::Result<Vec<Vec<u8>>> {
        let (mut rest, mut left) = (self.bytes, self.len);
        let mut frames = Vec::with_capacity(left.div_ceil(GROUP_BYTES));
        while left > 0 {
            let want = left.min(GROUP_BYTES);
            left -= want;
            let (frame, after) = rest.split_first_chunk().ok_or(io::ErrorKind::UnexpectedEof)?;
            let (frame, after) = after
                .split_at_checked(u32::from_le_bytes(*frame) as usize)
                .ok_or(io::ErrorKind::UnexpectedEof)?;
            frames.push((frame, want));
            rest = after;
        }
        let expand = |zstd: &mut io::Result<zstd::bulk::Decompressor<'_>>, (frame, want): &(&[u8], usize)| {
            let zstd = zstd.as_mut().map_err(|error| io::Error::other(error.to_string()))?;
            let mut group = Vec::with_capacity(*want);
            match zstd.decompress_to_buffer(frame, &mut group)? {
                got if got == *want => Ok(group),
                _ => Err(io::ErrorKind::InvalidData.into()),
            }
        };
        crew::each(&frames, 1, WORTH_GROUPS, zstd::bulk::Decompressor::new, expand)?
            .into_iter()
            .collect()
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
        let back = groups.expand().unwrap().concat();
        assert_eq!(back, bytes);
    }

    #[test]
    fn pages_are_written_as_their_bytes_would_be() {
        let page = |number: usize| Page::copy_of(&std::array::from_fn(|at| (at * number / 7).to_le_bytes()[0]));
        let pages: Vec<Page> = (0..1_000).map(page).collect();
        let base = [9; PAGE_BYTES];
        for count in [0, 1, GROUP_PAGES, GROUP_PAGES + 1, 1_000] {
            let with_base = |index: usize| index.is_multiple_of(3).then_some(&base);
            let given: Vec<_> = pages
                .iter()
                .enumerate()
                .map(|(index, page)| (page, with_base(index)))
                .take(count)
                .collect();
            let (mut together, mut one_by_one) = (Vec::new(), Vec::new());
            write_pages(&given, &mut together).unwrap();
            let mut writer = Writer::new(&mut one_by_one).unwrap();
            for (page, base) in given {
                writer.write(&base.map_or(**page, |base| difference(page, base))).unwrap();
            }
            writer.finish().unwrap();
            assert!(together == one_by_one, "{count}");
        }
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
            assert!(groups.expand().is_err(), "{holds} as {said}");
        }
        assert!(Groups::take(&mut &[5, 0, 0, 0, 1][..], 1).is_none());
        assert!(Groups::take(&mut &[][..], 1).is_none());
    }
}
