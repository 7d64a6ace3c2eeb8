use super::mappings::Taken;
use super::runs::{Layer, RUNS_MAX, Run, bytes, cover, find, layers_bytes, ranges};
use super::{Mappings, Slot};
use crate::dirty::Scanner;
use bytes::Bytes;
use selvedge_checkpoint::{Image as _, PAGE_BYTES, Page, PageBytes, Pages};
use std::io;
use std::iter;
use std::sync::{Arc, LazyLock};

/// From so many pages on, 1 MiB, sharing them costs less than copying them.
const WORTH_PAGES: usize = 256;

/// Pages of a kernel at one moment, in layers that others can map. Never changes.
pub(crate) struct Frozen {
    runs: Vec<Run>,
    pages: Pages,
}

impl Frozen {
    /// Puts the pages of a checkpoint into a layer, if that is worth it.
    pub(crate) fn of(pages: &Pages, image: &[u8]) -> Option<Self> {
        if pages.len() < WORTH_PAGES {
            return None;
        }
        let numbers: Vec<u32> = pages.as_slice().iter().map(|(number, _)| *number).collect();
        let ranges = ranges(&numbers)?;
        let mut all = pages.as_slice().iter().peekable();
        let mut slices: Vec<&[u8]> = Vec::with_capacity(numbers.len());
        for number in ranges.iter().flat_map(Clone::clone) {
            match all.next_if(|(next, _)| *next == number) {
                Some((_, page)) => slices.push(page.as_slice()),
                None => slices.push(image.page(number)),
            }
        }
        let runs = Layer::hold(ranges, slices).ok()?;
        Some(Self {
            runs,
            pages: pages.clone(),
        })
    }
}

impl Frozen {
    /// What is mapped at this page, if that is a layer.
    pub(super) fn beneath(&self, number: u32) -> Option<&PageBytes> {
        let run = find(&self.runs, number)?;
        run.contents().get(bytes(run.pages.start..number).len()..)?.first_chunk()
    }

    /// Writes its pages over a `memory` that is as new, where mapping them is not possible.
    pub(crate) fn copy_to(&self, memory: &mut [u8]) {
        for run in &self.runs {
            if let Some(place) = memory.get_mut(bytes(run.pages.clone())) {
                place.copy_from_slice(run.contents());
            }
        }
    }
}

/// What the pages of one memory are copies of: layers where there are some, the image elsewhere.
#[derive(Default)]
pub(crate) struct Layers {
    frozen: Option<Arc<Frozen>>,
    taken: Option<Taken>,
}

impl Layers {
    /// Pages of `memory` that differ from what they are copies of, ascending.
    pub(crate) fn fresh(&self, scanner: &Scanner, memory: &[u8], image: &[u8]) -> Vec<u32> {
        let runs = self.runs();
        let mut candidates = Vec::new();
        for range in scanner.candidates(memory) {
            let mut from = range.start;
            // Piece by piece, so that pages are held against what is beneath them.
            while from < range.end {
                let number = u32::try_from(from / PAGE_BYTES).unwrap_or(u32::MAX);
                let after = runs.get(runs.partition_point(|run| run.pages.end <= number));
                let (below, offset, end) = match after {
                    Some(run) if run.pages.contains(&number) => {
                        (run.contents(), bytes(run.pages.start..number).len(), bytes(run.pages.clone()).end)
                    }
                    Some(run) => (image, from, bytes(run.pages.clone()).start),
                    None => (image, from, usize::MAX),
                };
                let end = end.min(range.end);
                let now = memory.get(from..end).unwrap_or_default();
                let before = below.get(offset.min(below.len())..).unwrap_or_default();
                candidates.extend(crate::dirty::differing(now, before).filter_map(|page| number.checked_add(page)));
                from = end;
            }
        }
        candidates
    }

    /// All pages of `memory` that differ from the image, of which `fresh` are those that differ from the layers. The others are those of the layers.
    pub(crate) fn pages(&self, fresh: &[u32], memory: &[u8], image: &[u8]) -> Pages {
        let copied: Vec<u32> = fresh
            .iter()
            .copied()
            .filter(|number| memory.page(*number) != image.page(*number))
            .collect();
        let mut copy = Vec::with_capacity(copied.len() * PAGE_BYTES);
        for number in &copied {
            copy.extend_from_slice(memory.page(*number));
        }
        let copy = Bytes::from(copy);
        let copies = (0..).map(|index| Page::new(copy.slice(index * PAGE_BYTES..(index + 1) * PAGE_BYTES)));
        merge(self.frozen.as_deref(), fresh, copied.into_iter().zip(copies.map_while(|page| page)))
    }

    /// Puts the `fresh` pages of `memory`, which is in `slot`, into a layer, if that is worth it. An error says that the memory must not be used.
    pub(crate) fn freeze(&mut self, slot: &Slot, memory: &mut [u8], fresh: &[u32], mappings: &Mappings) -> io::Result<bool> {
        if fresh.len() < WORTH_PAGES {
            return Ok(false);
        }
        let Some(above) = copy_out(fresh, memory) else { return Ok(false) };
        let mut runs = cover(self.runs(), &above);
        let held: usize = runs.iter().map(|run| run.contents().len()).sum();
        // Too scattered, or too much of older layers is only kept because a little of them is still needed.
        let flat = runs.len() > RUNS_MAX || layers_bytes(&runs) > 2 * held + WORTH_PAGES * PAGE_BYTES;
        if flat {
            let layered = self.runs().iter().flat_map(|run| run.pages.clone());
            let mut everything: Vec<u32> = layered.chain(above.iter().flat_map(|run| run.pages.clone())).collect();
            everything.sort_unstable();
            everything.dedup();
            let Some(whole) = copy_out(&everything, memory) else {
                return Ok(false);
            };
            runs = whole;
        }
        let Some(taken) = mappings.take(2 * runs.len()) else {
            return Ok(false);
        };
        // What differs from a layer can be as in the image again.
        let image = slot.image();
        let as_image = |number: u32| find(self.runs(), number).is_some() && memory.page(number) == image.page(number);
        let changed: Vec<u32> = fresh.iter().copied().filter(|number| !as_image(*number)).collect();
        for run in if flat { &runs } else { &above } {
            slot.put(memory, bytes(run.pages.clone()), run.layer.sealed(), bytes(0..run.first).end)?;
        }
        let changed = changed
            .into_iter()
            .filter_map(|number| Some((number, find(&runs, number)?.page(number)?)));
        let pages = merge(self.frozen.as_deref(), fresh, changed);
        self.frozen = Some(Arc::new(Frozen { runs, pages }));
        self.taken = Some(taken);
        Ok(true)
    }

    /// The layers, for others to map.
    pub(crate) fn base(&self) -> Option<Arc<Frozen>> {
        self.frozen.clone()
    }

    /// What has to be written over the layers for a memory to have `pages`, ascending; none stands for a page as in the image.
    pub(crate) fn missing<'a>(&'a self, pages: &'a Pages) -> impl Iterator<Item = (u32, Option<&'a Page>)> {
        static NOTHING: LazyLock<Pages> = LazyLock::new(Pages::default);
        pages.changed_since(self.frozen.as_ref().map_or(&*NOTHING, |frozen| &frozen.pages))
    }

    /// Maps `frozen` over a `memory` that is as new. False when mappings are scarce: nothing happened. An error says that the memory must not be used.
    pub(crate) fn put(&mut self, slot: &Slot, memory: &mut [u8], frozen: &Arc<Frozen>, mappings: &Mappings) -> io::Result<bool> {
        let Some(taken) = mappings.take(2 * frozen.runs.len()) else {
            return Ok(false);
        };
        for run in &frozen.runs {
            slot.put(memory, bytes(run.pages.clone()), run.layer.sealed(), bytes(0..run.first).end)?;
        }
        self.frozen = Some(Arc::clone(frozen));
        self.taken = Some(taken);
        Ok(true)
    }

    /// Takes the layers away: where they were, `memory` is as new. An error says that the memory must not be used.
    pub(crate) fn clear(&mut self, slot: &Slot, memory: &mut [u8]) -> io::Result<()> {
        for run in self.runs() {
            slot.restore(memory, bytes(run.pages.clone()))?;
        }
        *self = Self::default();
        Ok(())
    }

    fn runs(&self) -> &[Run] {
        self.frozen.as_ref().map_or(&[], |frozen| &frozen.runs)
    }
}

/// Pages of `frozen` but for `fresh` ones, and `changed` ones instead. All ascend.
pub(super) fn merge(frozen: Option<&Frozen>, fresh: &[u32], changed: impl Iterator<Item = (u32, Page)>) -> Pages {
    let old = frozen.map_or(&[][..], |frozen| frozen.pages.as_slice());
    let mut fresh = fresh.iter().copied().peekable();
    let kept = old.iter().filter(|(number, _)| {
        while fresh.next_if(|next| next < number).is_some() {}
        fresh.peek() != Some(number)
    });
    let (mut kept, mut changed) = (kept.cloned().peekable(), changed.peekable());
    let all = iter::from_fn(|| match (kept.peek(), changed.peek()) {
        (Some((before, _)), Some((after, _))) if before < after => kept.next(),
        (Some(_), None) => kept.next(),
        _ => changed.next(),
    });
    // Both ascend and have nothing in common.
    Pages::new(all.collect()).unwrap_or_default()
}

/// A layer with `numbers` of `memory`.
fn copy_out(numbers: &[u32], memory: &[u8]) -> Option<Vec<Run>> {
    let ranges = ranges(numbers)?;
    let slices: Vec<&[u8]> = ranges.iter().filter_map(|range| memory.get(bytes(range.clone()))).collect();
    Layer::hold(ranges, slices).ok()
}
