//! Writing an object: what differs from the state before, or everything.

use std::collections::HashSet;
use std::io;

use crate::decode::{Change, MAGIC, Source, VERSION};
use crate::files::{Blob, Files};
use crate::groups::Writer;
use crate::page::{Image, PAGE_BYTES, Page, PageBytes, Pages};
use crate::state::{Hash, Registers, State};

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

impl<'a> Draft<'a> {
    /// Everything.
    pub(crate) fn full(state: &'a State, image: &'a (impl Image + ?Sized)) -> Self {
        let mut draft = Self::empty(0, &state.registers, files(&state.files, None));
        let mut held = HashSet::new();
        for (number, page) in state.pages.as_slice() {
            if image.page(*number) != &**page {
                let hash = *blake3::hash(&page[..]).as_bytes();
                draft.change(*number, page, hash, !held.insert(hash), image, None);
            }
        }
        draft
    }

    /// What differs from the state before.
    pub(crate) fn delta(state: &'a State, image: &'a (impl Image + ?Sized), before: &Before<'a>) -> Self {
        let mut draft = Self::empty(before.depth, &state.registers, files(&state.files, Some(&before.state.files)));
        let mut held = HashSet::new();
        let mut look = |number: u32, page: Option<&'a Page>| {
            let had = before.table.binary_search_by_key(&number, |(number, _)| *number).ok();
            let had = had.and_then(|at| before.table.get(at)).map(|(_, hash)| hash);
            let Some(page) = page.filter(|page| image.page(number) != &***page) else {
                draft.reverted.extend(had.map(|_| number));
                return;
            };
            let old = before.pages.and_then(|pages| pages.get(number)).filter(|_| had.is_some());
            if old.is_some_and(|old| old == page) {
                return;
            }
            let hash = *blake3::hash(&page[..]).as_bytes();
            if had != Some(&hash) {
                let earlier = before.held.contains(&hash) || !held.insert(hash);
                draft.change(number, page, hash, earlier, image, old.map(|old| &**old));
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
        draft
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

    fn change(
        &mut self,
        number: u32,
        page: &'a Page,
        hash: Hash,
        earlier: bool,
        image: &'a (impl Image + ?Sized),
        before: Option<&'a PageBytes>,
    ) {
        let source = if earlier {
            Source::Earlier
        } else {
            let (source, base) = nearest(page, image.page(number), before);
            self.pages.push((page, base));
            source
        };
        self.changes.push(Change { number, source, hash });
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
        let mut groups = Writer::new(&mut out)?;
        for (page, base) in &self.pages {
            match base {
                Some(base) => groups.write(&difference(page, base))?,
                None => groups.write(&page[..])?,
            }
        }
        groups.finish()?;
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
    let mut best = (words(page), Source::Plain, None);
    for (source, base) in [(Source::Image, Some(image)), (Source::Before, before)] {
        let Some(base) = base else { continue };
        let left = words(&difference(page, base));
        if left < best.0 {
            best = (left, source, Some(base));
        }
    }
    (best.1, best.2)
}

/// Words that are not zero.
fn words(page: &PageBytes) -> usize {
    page.as_chunks::<8>().0.iter().filter(|word| **word != [0; 8]).count()
}

/// Their exclusive or.
pub(crate) fn difference(page: &PageBytes, base: &PageBytes) -> PageBytes {
    let mut out = [0; PAGE_BYTES];
    for ((out, a), b) in out.iter_mut().zip(page).zip(base) {
        *out = a ^ b;
    }
    out
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
