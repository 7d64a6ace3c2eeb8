//! Which pages of a memory were written since they were mapped.
//!
//! An instance's memory is a private mapping of the image and of layers. Pages that were written are anonymous, the others still belong to a file,
//! and one `PAGEMAP_SCAN` (Linux 6.7) tells them apart without touching them. Written pages can hold what they held before, or what a reset slot put
//! back, so whoever asks compares candidates as well. Without the call, every page is a candidate.

use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, ioctl};
use selvedge_checkpoint::{Image as _, PAGE_BYTES};
use std::ffi::c_void;
use std::fs::File;
use std::ops::Range;
use std::ptr;

/// Finds candidates.
pub(crate) struct Scanner {
    pagemap: Option<File>,
}

impl Scanner {
    /// Opens this process's page map; without one, everything is a candidate.
    pub(crate) fn new() -> Self {
        Self {
            pagemap: File::open("/proc/self/pagemap").ok(),
        }
    }

    /// Ranges of offsets of `memory`, whole pages and ascending, outside of which nothing was written since its mappings were made.
    pub(crate) fn candidates(&self, memory: &[u8]) -> Vec<Range<usize>> {
        self.written(memory).unwrap_or_else(|| std::iter::once(0..memory.len()).collect())
    }

    /// Puts `image` back wherever `memory`, of the same size, was written. False, and undefined contents, when that is more than `most` bytes or
    /// cannot be found out without reading everything.
    pub(crate) fn reset(&self, memory: &mut [u8], image: &[u8], most: usize) -> bool {
        let Some(ranges) = self
            .written(memory)
            .filter(|ranges| ranges.iter().map(Range::len).sum::<usize>() <= most)
        else {
            return false;
        };
        ranges
            .into_iter()
            .all(|range| match (memory.get_mut(range.clone()), image.get(range)) {
                (Some(now), Some(before)) => {
                    now.copy_from_slice(before);
                    true
                }
                _ => false,
            })
    }

    /// Overwrites with zeros what was written of `memory`, which was zeros once. False, and undefined contents, when that is more than `most` bytes
    /// or cannot be found out.
    pub(crate) fn clear(&self, memory: &mut [u8], most: usize) -> bool {
        let Some(ranges) = self
            .written(memory)
            .filter(|ranges| ranges.iter().map(Range::len).sum::<usize>() <= most)
        else {
            return false;
        };
        for range in ranges {
            if let Some(written) = memory.get_mut(range) {
                written.fill(0);
            }
        }
        true
    }

    /// Ranges of offsets that were written since the image was mapped; more, never less.
    fn written(&self, memory: &[u8]) -> Option<Vec<Range<usize>>> {
        let pagemap = self.pagemap.as_ref()?;
        let begin = memory.as_ptr().addr();
        let end = begin.checked_add(memory.len())?;
        let mut found = Vec::new();
        let mut regions = [Region::default(); 256];
        let mut at = begin;
        while at < end {
            let mut scan = Scan::written(at, end, &mut regions);
            // SAFETY: the request's layout is that of the kernel's `pm_scan_arg`; it writes only to `regions`, which outlives the call.
            #[expect(unsafe_code, reason = "a system call without a safe wrapper")]
            let count = unsafe { ioctl(pagemap, ScanRequest(&mut scan)) }.ok()?;
            let walked = usize::try_from(scan.walk_end).ok()?;
            for region in regions.get(..count)? {
                let start = usize::try_from(region.start).ok()?.checked_sub(begin)?;
                let end = usize::try_from(region.end).ok()?.checked_sub(begin)?;
                found.push(start..end.min(memory.len()));
            }
            if walked <= at {
                return None;
            }
            at = walked;
        }
        Some(found)
    }
}

/// Numbers of the pages of `now`, counted from its beginning, that differ from those of `before`: from zeros beyond its end.
pub(crate) fn differing<'a>(now: &'a [u8], before: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
    let (pages, _) = now.as_chunks::<PAGE_BYTES>();
    (0..)
        .zip(pages)
        .filter(move |(number, page)| *page != before.page(*number))
        .map(|(number, _)| number)
}

/// `struct page_region`
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Region {
    start: u64,
    end: u64,
    categories: u64,
}

/// `struct pm_scan_arg`
#[repr(C)]
struct Scan {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    regions: u64,
    regions_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

const PAGE_IS_FILE: u64 = 1 << 2;
const PAGE_IS_PRESENT: u64 = 1 << 3;
const PAGE_IS_SWAPPED: u64 = 1 << 4;
const PAGE_IS_PFNZERO: u64 = 1 << 5;
/// `_IOWR('f', 16, struct pm_scan_arg)`
const PAGEMAP_SCAN: Opcode = 0xC060_6610;

impl Scan {
    fn written(start: usize, end: usize, regions: &mut [Region]) -> Self {
        Self {
            size: size_of::<Self>() as u64,
            flags: 0,
            start: start as u64,
            end: end as u64,
            walk_end: 0,
            regions: regions.as_mut_ptr().addr() as u64,
            regions_len: regions.len() as u64,
            max_pages: 0,
            category_inverted: PAGE_IS_FILE | PAGE_IS_PFNZERO,
            category_mask: PAGE_IS_FILE | PAGE_IS_PFNZERO,
            category_anyof_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
            return_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
        }
    }
}

struct ScanRequest<'a>(&'a mut Scan);

// SAFETY: the opcode belongs to `struct pm_scan_arg`, the pointer is to one, and the call's result is the number of regions.
#[expect(unsafe_code, reason = "a system call without a safe wrapper")]
unsafe impl Ioctl for ScanRequest<'_> {
    type Output = usize;
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        PAGEMAP_SCAN
    }

    fn as_ptr(&mut self) -> *mut c_void {
        ptr::from_mut(self.0).cast()
    }

    unsafe fn output_from_ptr(output: IoctlOutput, _: *mut c_void) -> rustix::io::Result<usize> {
        usize::try_from(output).map_err(|_| rustix::io::Errno::INVAL)
    }
}

#[cfg(test)]
impl Scanner {
    /// Compares every page.
    pub(crate) fn without_pagemap() -> Self {
        Self { pagemap: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_growth_are_found_and_rewritten_pages_are_not() {
        let image = [[1; PAGE_BYTES], [2; PAGE_BYTES]].concat();
        let mut memory = [image.clone(), vec![0; 3 * PAGE_BYTES]].concat();
        memory[PAGE_BYTES] = 9;
        memory[4 * PAGE_BYTES + 5] = 1;
        assert_eq!(differing(&memory, &image).collect::<Vec<_>>(), [1, 4]);
        memory[PAGE_BYTES] = 2;
        assert_eq!(differing(&memory, &image).collect::<Vec<_>>(), [4]);
    }
}
