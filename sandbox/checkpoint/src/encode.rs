//! Writing an object: what differs from the state before, or everything.

use std::collections::HashSet;
use std::io;

use crate::crew;
use crate::decode::{Change, MAGIC, Source, VERSION};
use crate::files::{Blob, Files};
use crate::groups::{GROUP_PAGES, Writer, write_pages};
use crate::page::{Image, PAGE_BYTES, Page, PageBytes, Pages};
use crate::state::{Hash, Registers, State};

/// From so many pages on, 1 MiB, it is worth a thread to look at them.
const WORTH_PAGES: usize = 256;

/// A page of a state, by number, with the hash of its contents.
pub(crate) type Row = (u32, Hash);

/// What is known about the state before.
pub(crate) struct Before<'a> {
    pub(crate) state: &'a State,
    /// Its pages, if they are still there.
    pub(crate) pages: Option<&'a Pages>,
    /// Their hashes.
    pub(crate) table: &'a [Row],
    /// Contents that the objects before hold.
    pub(crate) held: &'a HashSet<Hash>,
    /// Of the object to write.
    pub(crate) depth: u16,
}

/// What is to be written.
pub(crate) struct Draft<'a> {
    depth: u16,
    registers: &'a Registers,
    reverted: Vec<u32>,
    changes: Vec<Change>,
    /// Contents of those changes that are in this object, with what they are a difference to.
    pages: Vec<(&'a Page, Option<&'a PageBytes>)>,
    files: Option<FilesDraft<'a>>,
}

struct FilesDraft<'a> {
    tree: &'a [u8],
    gone: Vec<&'a Hash>,
    new: Vec<&'a Blob>,
}

/// A page that may have to be told.
struct Candidate<'a> {
    number: u32,
    page: &'a Page,
    /// Hash of what it was before.
    had: Option<&'a Hash>,
    /// What it was before, if that is still there.
    old: Option<&'a Page>,
}

impl<'a> Draft<'a> {
    /// Everything.
    ///
    /// # Errors
    /// Want of memory.
    pub(crate) fn full(state: &'a State, image: &'a (impl Image + Sync + ?Sized)) -> io::Result<Self> {
        let mut draft = Self::empty(0, &state.registers, files(&state.files, None));
        let pages = state.pages.as_slice().iter();
        let candidates: Vec<_> = pages
            .filter(|(number, page)| image.page(*number) != &**page)
            .map(|(number, page)| Candidate {
                number: *number,
                page,
                had: None,
                old: None,
            })
            .collect();
        draft.tell(&candidates, image, &HashSet::new())?;
        Ok(draft)
    }

    /// What differs from the state before.
    ///
    /// # Errors
    /// Want of memory.
    pub(crate) fn delta(state: &'a State, image: &'a (impl Image + Sync + ?Sized), before: &Before<'a>) -> io::Result<Self> {
        let mut draft = Self::empty(before.depth, &state.registers, files(&state.files, Some(&before.state.files)));
        let mut candidates = Vec::new();
        let mut look = |number: u32, page: Option<&'a Page>| {
            let had = before.table.binary_search_by_key(&number, |(number, _)| *number).ok();
            let had = had.and_then(|at| before.table.get(at)).map(|(_, hash)| hash);
            let Some(page) = page.filter(|page| image.page(number) != &***page) else {
                draft.reverted.extend(had.map(|_| number));
                return;
            };
            let old = before.pages.and_then(|pages| pages.get(number)).filter(|_| had.is_some());
            if old.is_none_or(|old| old != page) {
                candidates.push(Candidate { number, page, had, old });
            }
        };
        match before.pages {
            Some(pages) => state.pages.changed_since(pages).for_each(|(number, page)| look(number, page)),
            None => {
                // Nobody knows what was written, but everything's hash.
                let gone = before.table.iter().filter(|(number, _)| state.pages.get(*number).is_none());
                let mut all: Vec<(u32, Option<&Page>)> = gone.map(|(number, _)| (*number, None)).collect();
                all.extend(state.pages.as_slice().iter().map(|(number, page)| (*number, Some(page))));
                all.sort_unstable_by_key(|(number, _)| *number);
                all.into_iter().for_each(|(number, page)| look(number, page));
            }
        }
        draft.tell(&candidates, image, before.held)?;
        Ok(draft)
    }

    fn empty(depth: u16, registers: &'a Registers, files: Option<FilesDraft<'a>>) -> Self {
        Self {
            depth,
            registers,
            reverted: Vec::new(),
            changes: Vec::new(),
            pages: Vec::new(),
            files,
        }
    }

    /// Takes in those that differ from before. Contents that are `held` need not be in the object.
    fn tell(&mut self, candidates: &[Candidate<'a>], image: &'a (impl Image + Sync + ?Sized), held: &HashSet<Hash>) -> io::Result<()> {
        let told = crew::each(
            candidates,
            GROUP_PAGES,
            WORTH_PAGES,
            || (),
            |(), candidate| {
                let hash = *blake3::hash(&candidate.page[..]).as_bytes();
                let old = candidate.old.map(|old| &**old);
                (candidate.had != Some(&hash)).then(|| (hash, nearest(candidate.page, image.page(candidate.number), old)))
            },
        )?;
        let mut here = HashSet::new();
        for (candidate, told) in candidates.iter().zip(told) {
            let Some((hash, (nearest, base))) = told else { continue };
            let source = if held.contains(&hash) || !here.insert(hash) {
                Source::Earlier
            } else {
                self.pages.push((candidate.page, base));
                nearest
            };
            self.changes.push(Change {
                number: candidate.number,
                source,
                hash,
            });
        }
        Ok(())
    }

    /// Pages that differ from before.
    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Pages that are as in the image again.
    pub(crate) fn reverted(&self) -> &[u32] {
        &self.reverted
    }

    /// The object.
    pub(crate) fn write(&self) -> io::Result<Vec<u8>> {
        let Registers {
            module,
            memory_pages,
            globals,
            monotonic,
            entropy,
        } = self.registers;
        let mut out = Vec::with_capacity(256 + self.changes.len() * 37 + self.pages.len() * 1024);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&self.depth.to_le_bytes());
        out.extend_from_slice(module);
        out.extend_from_slice(&memory_pages.to_le_bytes());
        out.extend_from_slice(&monotonic.to_le_bytes());
        out.extend_from_slice(&entropy.to_le_bytes());
        list(&mut out, globals.iter().map(|bits| bits.to_le_bytes()))?;
        list(&mut out, self.reverted.iter().map(|number| number.to_le_bytes()))?;
        list(&mut out, self.changes.iter().map(row))?;
        write_pages(&self.pages, &mut out)?;
        match &self.files {
            None => out.push(0),
            Some(files) => {
                out.push(1);
                files.write(&mut out)?;
            }
        }
        Ok(out)
    }
}

impl FilesDraft<'_> {
    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(&count(self.tree.len())?);
        let mut groups = Writer::new(out)?;
        groups.write(self.tree)?;
        groups.finish()?;
        list(out, self.gone.iter().map(|hash| **hash))?;
        let sizes: io::Result<Vec<_>> = self.new.iter().map(|blob| count(blob.bytes().len())).collect();
        list(out, sizes?.into_iter())?;
        let mut groups = Writer::new(out)?;
        for blob in &self.new {
            groups.write(blob.bytes())?;
        }
        groups.finish()
    }
}

/// None when there is nothing to say.
fn files<'a>(now: &'a Files, before: Option<&'a Files>) -> Option<FilesDraft<'a>> {
    if before.is_some_and(|before| now.is_same(before)) || now == before.unwrap_or(&Files::default()) {
        return None;
    }
    let had = |hash: &Hash| before.is_some_and(|before| before.blob(hash).is_some());
    let blobs_before = before.into_iter().flat_map(Files::blobs);
    Some(FilesDraft {
        tree: now.tree(),
        gone: blobs_before.map(Blob::hash).filter(|hash| now.blob(hash).is_none()).collect(),
        new: now.blobs().filter(|blob| !had(blob.hash())).collect(),
    })
}

/// What a page is best written as a difference to: whatever leaves the fewest words that are not zero.
fn nearest<'a>(page: &PageBytes, image: &'a PageBytes, before: Option<&'a PageBytes>) -> (Source, Option<&'a PageBytes>) {
    let mut best = (differing(page, &[0; PAGE_BYTES]), Source::Plain, None);
    for (source, base) in [(Source::Image, Some(image)), (Source::Before, before)] {
        let Some(base) = base else { continue };
        let left = differing(page, base);
        if left < best.0 {
            best = (left, source, Some(base));
        }
    }
    (best.1, best.2)
}

/// Words in which they differ.
fn differing(page: &PageBytes, base: &PageBytes) -> usize {
    let (page, base) = (page.as_chunks::<8>().0, base.as_chunks::<8>().0);
    page.iter().zip(base).filter(|(a, b)| a != b).count()
}

fn row(change: &Change) -> [u8; 37] {
    let mut row = [0; 37];
    let (number, rest) = row.split_at_mut(4);
    number.copy_from_slice(&change.number.to_le_bytes());
    if let Some((source, hash)) = rest.split_first_mut() {
        *source = change.source.byte();
        hash.copy_from_slice(&change.hash);
    }
    row
}

fn list<const N: usize>(out: &mut Vec<u8>, items: impl ExactSizeIterator<Item = [u8; N]>) -> io::Result<()> {
    out.extend_from_slice(&count(items.len())?);
    out.extend(items.flatten());
    Ok(())
}

fn count(len: usize) -> io::Result<[u8; 4]> {
    u32::try_from(len).map(u32::to_le_bytes).map_err(io::Error::other)
}
