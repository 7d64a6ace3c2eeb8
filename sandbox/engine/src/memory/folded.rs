use super::layers::{Frozen, Layers};
use crate::dirty::Scanner;
use bytes::Bytes;
use selvedge_checkpoint::{Image as _, PAGE_BYTES, Page, PageBytes, Pages};
use std::sync::Arc;

const WORD_BYTES: usize = 4;
const WORDS: usize = PAGE_BYTES / WORD_BYTES;
/// With more words than this, saying which they are costs more than the others.
const PLACES_MAX: usize = WORDS * 2 / 3;

/// A memory without a place: the layers that it is made of, and the words that differ from them. A cell changes few words of many pages, so this is
/// a tenth of what the pages are.
pub(crate) struct Folded {
    bytes: usize,
    base: Option<Arc<Frozen>>,
    pages: Vec<Changed>,
    /// Of each page in turn: which words, unless it is all of them.
    places: Vec<u16>,
    /// Of each page in turn: these words.
    words: Vec<[u8; WORD_BYTES]>,
}

struct Changed {
    number: u32,
    count: u16,
}

impl Folded {
    /// Folds `memory`, whose pages are copies of those of `layers`.
    pub(crate) fn new(layers: &Layers, scanner: &Scanner, memory: &[u8], image: &[u8]) -> Self {
        let fresh = layers.fresh(scanner, memory, image);
        let base = layers.base();
        let mut folded = Self {
            bytes: memory.len(),
            base: base.clone(),
            pages: Vec::with_capacity(fresh.len()),
            places: Vec::new(),
            words: Vec::new(),
        };
        for number in fresh {
            let below = below(base.as_deref(), image, number);
            folded.add(number, memory.page(number), below);
        }
        folded.places.shrink_to_fit();
        folded.words.shrink_to_fit();
        folded
    }

    fn add(&mut self, number: u32, now: &PageBytes, before: &PageBytes) {
        let (now, _) = now.as_chunks::<WORD_BYTES>();
        let (before, _) = before.as_chunks::<WORD_BYTES>();
        let (places, words) = (self.places.len(), self.words.len());
        for (place, word) in (0..)
            .zip(now.iter().zip(before))
            .filter_map(|(place, (now, before))| (now != before).then_some((place, *now)))
        {
            self.places.push(place);
            self.words.push(word);
        }
        let mut count = self.words.len() - words;
        if count > PLACES_MAX {
            self.places.truncate(places);
            self.words.truncate(words);
            self.words.extend_from_slice(now);
            count = WORDS;
        }
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        self.pages.push(Changed { number, count });
    }

    /// Size of the memory.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The layers that have to be put over the memory first.
    pub(crate) fn base(&self) -> Option<&Arc<Frozen>> {
        self.base.as_ref()
    }

    /// Makes a `memory` of the same size, with the same layers over it, what it was.
    pub(crate) fn unfold(&self, memory: &mut [u8]) {
        for (number, places, words) in self.changes() {
            let at = number as usize * PAGE_BYTES;
            if let Some(page) = memory.get_mut(at..at + PAGE_BYTES) {
                put(page, places, words);
            }
        }
    }

    /// All pages that differ from the image.
    pub(crate) fn state(&self, image: &[u8]) -> Pages {
        let mut changed = Vec::with_capacity(self.pages.len());
        let mut copies = Vec::with_capacity(self.pages.len() * PAGE_BYTES);
        for (number, places, words) in self.changes() {
            let mut page = *below(self.base.as_deref(), image, number);
            put(&mut page, places, words);
            if page != *image.page(number) {
                changed.push(number);
                copies.extend_from_slice(&page);
            }
        }
        let copies = Bytes::from(copies);
        let pages = (0..).zip(changed).filter_map(|(index, number)| {
            let place = index * PAGE_BYTES..(index + 1) * PAGE_BYTES;
            Some((number, Page::new(copies.slice(place))?))
        });
        let numbers: Vec<u32> = self.pages.iter().map(|page| page.number).collect();
        super::layers::merge(self.base.as_deref(), &numbers, pages)
    }

    fn changes(&self) -> impl Iterator<Item = (u32, Option<&[u16]>, &[[u8; WORD_BYTES]])> {
        let (mut places, mut words) = (self.places.as_slice(), self.words.as_slice());
        self.pages.iter().map_while(move |page| {
            let count = usize::from(page.count);
            let (own, rest) = words.split_at_checked(count)?;
            words = rest;
            if count == WORDS {
                return Some((page.number, None, own));
            }
            let (at, rest) = places.split_at_checked(count)?;
            places = rest;
            Some((page.number, Some(at), own))
        })
    }
}

/// What a page is a copy of.
fn below<'a>(base: Option<&'a Frozen>, image: &'a [u8], number: u32) -> &'a PageBytes {
    base.and_then(|base| base.beneath(number)).unwrap_or_else(|| image.page(number))
}

fn put(page: &mut [u8], places: Option<&[u16]>, words: &[[u8; WORD_BYTES]]) {
    let (page, _) = page.as_chunks_mut::<WORD_BYTES>();
    match places {
        None if page.len() == words.len() => page.copy_from_slice(words),
        None => {}
        Some(places) => {
            for (place, word) in places.iter().zip(words) {
                if let Some(at) = page.get_mut(usize::from(*place)) {
                    *at = *word;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_unfolds_to_what_it_was() {
        let image: Vec<u8> = (0..=u8::MAX).cycle().take(6 * PAGE_BYTES).collect();
        let mut memory = [image.clone(), vec![0; 2 * PAGE_BYTES]].concat();
        memory[5] = 9;
        memory[PAGE_BYTES - 1] = 9;
        memory[2 * PAGE_BYTES..3 * PAGE_BYTES].fill(7);
        memory[6 * PAGE_BYTES + 8] = 1;
        let folded = Folded::new(&Layers::default(), &Scanner::without_pagemap(), &memory, &image);
        assert_eq!(folded.bytes(), memory.len());
        assert!(folded.words.len() < WORDS + 10, "few words of other pages");
        let mut again = [image.clone(), vec![0; 2 * PAGE_BYTES]].concat();
        folded.unfold(&mut again);
        assert!(again == memory);
        let state = folded.state(&image);
        let numbers: Vec<u32> = state.as_slice().iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 2, 6]);
        assert!(state.as_slice().iter().all(|(number, page)| **page == *memory.page(*number)));
    }
}
