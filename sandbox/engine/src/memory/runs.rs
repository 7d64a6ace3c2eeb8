//! Which ranges of a memory are mapped from which layer.

use super::Sealed;
use bytes::Bytes;
use selvedge_checkpoint::{PAGE_BYTES, Page, crew};
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// Most ranges that are mapped from layers in one memory.
pub(super) const RUNS_MAX: usize = 64;
/// Copying so many pages costs about as much as one more mapping.
const GAP_PAGES: u32 = 2;
/// Pages that may be copied, beside those that have to, for the sake of fewer mappings.
const FILL_PAGES_MAX: usize = 128;

/// Layers that pages are spread over at most.
const PARTS_MAX: usize = 4;
/// Fewer pages than this, 4 MiB, are one layer: writing them takes no longer than it pays to start a thread.
const PART_PAGES: u32 = 1_024;

/// Pages that were copied out of a memory. Clones are the same.
#[derive(Clone)]
pub(super) struct Layer {
    sealed: Arc<Sealed>,
    /// The same bytes, to take slices of.
    bytes: Bytes,
}

impl Layer {
    /// Runs for `ranges`, whose pages are `slices`, one after the other; each slice is whole pages. Many pages become several layers, which
    /// processors write at the same time: the system lets only one write to a file.
    pub(super) fn hold(ranges: Vec<Range<u32>>, slices: Vec<&[u8]>) -> io::Result<Vec<Run>> {
        let parts = parts(ranges, slices);
        let runs = crew::each(&parts, 1, 2, || (), |(), part| Self::hold_part(&part.ranges, &part.slices))?;
        Ok(runs.into_iter().collect::<io::Result<Vec<_>>>()?.concat())
    }

    fn hold_part(ranges: &[Range<u32>], slices: &[&[u8]]) -> io::Result<Vec<Run>> {
        let sealed = Arc::new(Sealed::gather(slices)?);
        let bytes = Bytes::from_owner(Owner(Arc::clone(&sealed)));
        let layer = Self { sealed, bytes };
        let mut first = 0;
        let run = |pages: Range<u32>| {
            let next = first + (pages.end - pages.start);
            Run {
                layer: layer.clone(),
                first: std::mem::replace(&mut first, next),
                pages,
            }
        };
        Ok(ranges.iter().cloned().map(run).collect())
    }

    /// For mapping it.
    pub(super) fn sealed(&self) -> &Sealed {
        &self.sealed
    }
}

/// What becomes one layer.
#[derive(Default)]
struct Part<'a> {
    ranges: Vec<Range<u32>>,
    slices: Vec<&'a [u8]>,
}

/// Cuts into parts of about the same size.
fn parts(ranges: Vec<Range<u32>>, slices: Vec<&[u8]>) -> Vec<Part<'_>> {
    let pages: usize = ranges.iter().map(|range| range.len()).sum();
    let each = u32::try_from(pages.div_ceil(PARTS_MAX)).unwrap_or(u32::MAX).max(PART_PAGES);
    let (mut parts, mut part, mut room) = (Vec::new(), Part::default(), each);
    let mut slices = slices.into_iter();
    let mut rest: &[u8] = &[];
    for mut range in ranges {
        while !range.is_empty() {
            if room == 0 {
                parts.push(std::mem::take(&mut part));
                room = each;
            }
            let now = room.min(range.end - range.start);
            part.ranges.push(range.start..range.start + now);
            range.start += now;
            room -= now;
            let mut wanted = now as usize * PAGE_BYTES;
            while wanted > 0 {
                if rest.is_empty() {
                    let Some(next) = slices.next() else { break };
                    rest = next;
                }
                let (taken, after) = rest.split_at(wanted.min(rest.len()));
                part.slices.push(taken);
                wanted -= taken.len();
                rest = after;
            }
        }
    }
    parts.push(part);
    parts
}

/// Keeps a layer as long as a slice of it is there.
struct Owner(Arc<Sealed>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Bytes of all the layers that `runs` belong to.
pub(super) fn layers_bytes(runs: &[Run]) -> usize {
    let mut layers: Vec<(*const u8, usize)> = runs.iter().map(|run| (run.layer.bytes.as_ptr(), run.layer.bytes.len())).collect();
    layers.sort_unstable();
    layers.dedup();
    layers.iter().map(|(_, len)| len).sum()
}

/// Consecutive pages of a memory, and the first of them in a layer.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) pages: Range<u32>,
    pub(super) layer: Layer,
    pub(super) first: u32,
}

impl Run {
    /// The contents of one of its pages.
    pub(super) fn page(&self, number: u32) -> Option<Page> {
        let place = self.first.checked_add(number.checked_sub(self.pages.start)?)?;
        let place = bytes(place..place + 1);
        (place.end <= self.layer.bytes.len()).then(|| Page::new(self.layer.bytes.slice(place)))?
    }

    /// Its own part of the layer.
    pub(super) fn contents(&self) -> &[u8] {
        let own = self.first..self.first + (self.pages.end - self.pages.start);
        self.layer.bytes.get(bytes(own)).unwrap_or_default()
    }

    /// What of it lies in `range`.
    fn part(&self, range: Range<u32>) -> Option<Self> {
        let pages = self.pages.start.max(range.start)..self.pages.end.min(range.end);
        (pages.start < pages.end).then(|| Self {
            layer: self.layer.clone(),
            first: self.first + (pages.start - self.pages.start),
            pages,
        })
    }
}

/// Offsets of these pages.
pub(super) fn bytes(pages: Range<u32>) -> Range<usize> {
    pages.start as usize * PAGE_BYTES..pages.end as usize * PAGE_BYTES
}

/// Ranges that hold all of `pages`, which ascend: at most [`RUNS_MAX`] when they are cut into parts, with few other pages between. None when they are too scattered.
pub(super) fn ranges(pages: &[u32]) -> Option<Vec<Range<u32>>> {
    let mut gaps: Vec<u32> = pages
        .windows(2)
        .filter_map(|pair| match pair {
            [before, after] => Some(after - before - 1),
            _ => None,
        })
        .filter(|gap| *gap > GAP_PAGES)
        .collect();
    gaps.sort_unstable();
    let too_many = (gaps.len() + PARTS_MAX).saturating_sub(RUNS_MAX);
    let (filled, _) = gaps.split_at_checked(too_many)?;
    if filled.iter().map(|gap| *gap as usize).sum::<usize>() > FILL_PAGES_MAX + pages.len() / 2 {
        return None;
    }
    let widest = filled.last().copied().unwrap_or(0).max(GAP_PAGES);
    let mut found: Vec<Range<u32>> = Vec::new();
    for page in pages {
        match found.last_mut() {
            Some(last) if page - last.end <= widest => last.end = page + 1,
            _ => found.push(*page..page + 1),
        }
    }
    Some(found)
}

/// `below` where `above` leaves it to be seen, and `above`: ascending, as both are.
pub(super) fn cover(below: &[Run], above: &[Run]) -> Vec<Run> {
    let mut all = above.to_vec();
    let mut from = 0;
    for next in above.iter().map(|run| run.pages.clone()).chain(std::iter::once(u32::MAX..u32::MAX)) {
        all.extend(below.iter().filter_map(|run| run.part(from..next.start)));
        from = next.end;
    }
    all.sort_unstable_by_key(|run| run.pages.start);
    all
}

/// The run that holds this page.
pub(super) fn find(runs: &[Run], number: u32) -> Option<&Run> {
    let after = runs.partition_point(|run| run.pages.end <= number);
    runs.get(after).filter(|run| run.pages.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_gaps_are_filled_and_scattered_pages_are_refused() {
        assert_eq!(ranges(&[1, 2, 5, 9]).unwrap(), [1..6, 9..10]);
        let every_fourth: Vec<u32> = (0..90).map(|index| index * 4).collect();
        let found = ranges(&every_fourth).unwrap();
        assert!(found.len() <= RUNS_MAX, "{}", found.len());
        assert!(every_fourth.iter().all(|page| found.iter().any(|range| range.contains(page))));
        let scattered: Vec<u32> = (0..1_000).map(|index| index * 100).collect();
        assert!(ranges(&scattered).is_none());
        assert!(ranges(&[]).unwrap().is_empty());
    }

    #[test]
    fn many_pages_become_several_layers_wherever_they_are_cut() {
        let ranges = [5..6, 10..10 + PART_PAGES, 3_000..3_000 + 2 * PART_PAGES + 7].to_vec();
        let page = |number: u32| [number.to_le_bytes(); PAGE_BYTES / 4].concat();
        let whole: Vec<Vec<u8>> = ranges.iter().map(|range| range.clone().flat_map(page).collect()).collect();
        let single: Vec<Vec<u8>> = ranges.iter().flat_map(Clone::clone).map(page).collect();
        for slices in [&whole, &single] {
            let runs = Layer::hold(ranges.clone(), slices.iter().map(Vec::as_slice).collect()).unwrap();
            assert_eq!(layers_bytes(&runs), bytes(0..3 * PART_PAGES + 8).end);
            for number in ranges.iter().flat_map(Clone::clone) {
                assert_eq!(find(&runs, number).unwrap().page(number).unwrap()[..], page(number));
            }
            assert!(runs.iter().all(|run| run.layer.bytes.len() <= bytes(0..PART_PAGES).end));
        }
    }

    #[test]
    fn what_lies_above_covers_what_lies_below() {
        let runs = |byte: u8, ranges: Vec<Range<u32>>| {
            let pages = ranges.iter().map(|range| range.end - range.start).sum::<u32>();
            Layer::hold(ranges, vec![&vec![byte; bytes(0..pages).end]]).unwrap()
        };
        let below = runs(1, vec![0..10, 12..14]);
        let above = runs(2, vec![3..5, 9..13]);
        let covered = cover(&below, &above);
        let seen: Vec<_> = covered
            .iter()
            .map(|run| (run.pages.clone(), run.contents()[0], run.first))
            .collect();
        assert_eq!(seen, [(0..3, 1, 0), (3..5, 2, 0), (5..9, 1, 5), (9..13, 2, 2), (13..14, 1, 11)]);
        assert_eq!(find(&covered, 13).unwrap().page(13).unwrap()[0], 1);
        assert!(find(&covered, 14).is_none());
        assert_eq!(layers_bytes(&covered), bytes(0..18).end);
    }
}
