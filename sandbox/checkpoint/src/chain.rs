//! A state as it is kept: the object that holds everything, and those after it that hold what changed.

use std::collections::{HashMap, HashSet};
use std::io;

use bytes::Bytes;

use crate::decode::{DecodeError, Delta, FilesDelta, Source};
use crate::encode::{Before, Draft, Row};
use crate::files::{Blob, Files, FilesError};
use crate::groups::difference;
use crate::limits::CHAIN_OBJECTS_MAX;
use crate::page::{Image, PAGE_BYTES, Page, Pages};
use crate::state::{Hash, State};

/// Objects after the one that holds everything; the next one then holds everything again, so that waking stays bounded.
pub const DEPTH_MAX: u16 = 16;

/// Why objects are not a state.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// One of them is none.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// None, too many, or not those that belong together.
    #[error("this checkpoint does not consist of the objects that it needs; an earlier one is needed")]
    Broken,
    /// It belongs to another image.
    #[error("this checkpoint belongs to another guest image ({}); it can be restored where that one is installed", blake3::Hash::from(*.found))]
    ForeignImage {
        /// The module that it belongs to.
        found: Hash,
    },
    /// A page refers to contents that are nowhere.
    #[error("this checkpoint refers to a page that is not there; an earlier one is needed")]
    PageMissing,
    /// What is compressed is not what it should be.
    #[error("this checkpoint cannot be decompressed; an earlier one is needed")]
    Compressed(#[source] io::Error),
    /// Its files are more than a kernel can have.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// An object that was just written.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The object.
    pub bytes: Vec<u8>,
    /// It needs the one before it.
    pub is_delta: bool,
}

/// The objects of a state, from one that holds everything to the newest, as whoever writes the next one needs to know them: without their bytes.
#[derive(Debug)]
pub struct Chain {
    state: State,
    /// Its pages are not in `state`: only their hashes are known.
    slim: bool,
    table: Vec<Row>,
    /// Contents of pages that any of them holds.
    held: HashSet<Hash>,
    /// Of the newest.
    depth: u16,
    /// Bytes of the first.
    full_bytes: u64,
    /// Bytes of the others.
    delta_bytes: u64,
}

impl Chain {
    /// Writes everything.
    ///
    /// # Errors
    /// Want of memory.
    pub fn begin(state: State, image: &(impl Image + Sync + ?Sized)) -> io::Result<(Self, Packed)> {
        let draft = Draft::full(&state, image)?;
        let bytes = draft.write()?;
        let table: Vec<Row> = draft.changes().iter().map(|change| (change.number, change.hash)).collect();
        let chain = Self {
            held: table.iter().map(|(_, hash)| *hash).collect(),
            table,
            depth: 0,
            full_bytes: bytes.len() as u64,
            delta_bytes: 0,
            slim: false,
            state,
        };
        Ok((chain, Packed { bytes, is_delta: false }))
    }

    /// Writes what changed; everything, when there are many objects already or they have twice the bytes that everything has.
    ///
    /// # Errors
    /// Want of memory; then nothing has changed.
    pub fn append(&mut self, state: State, image: &(impl Image + Sync + ?Sized)) -> io::Result<Packed> {
        let (now, before) = (&state.registers, &self.state.registers);
        let other = now.module != before.module || now.memory_pages < before.memory_pages;
        if other || self.depth >= DEPTH_MAX || self.delta_bytes > self.full_bytes {
            let (chain, packed) = Self::begin(state, image)?;
            *self = chain;
            return Ok(packed);
        }
        let draft = Draft::delta(
            &state,
            image,
            &Before {
                state: &self.state,
                pages: (!self.slim).then_some(&self.state.pages),
                table: &self.table,
                held: &self.held,
                depth: self.depth + 1,
            },
        )?;
        let bytes = draft.write()?;
        let changes: Vec<Row> = draft.changes().iter().map(|change| (change.number, change.hash)).collect();
        let reverted = draft.reverted().to_vec();
        drop(draft);
        self.held.extend(changes.iter().map(|(_, hash)| *hash));
        self.table = merge(std::mem::take(&mut self.table), changes, &reverted, |row| row.0);
        self.depth += 1;
        self.delta_bytes += bytes.len() as u64;
        self.state = state;
        self.slim = false;
        Ok(Packed { bytes, is_delta: true })
    }

    /// Lets go of the pages: of a small state they are better hashed again the next time than kept in memory twice. Its [`Chain::state`] has none then.
    pub fn slim(&mut self) {
        self.slim = true;
        self.state.pages = Pages::default();
    }

    /// Reads objects, the one that holds everything first. Empty ones stand for "as before": rewinds and forks.
    ///
    /// # Errors
    /// See [`ChainError`]. Nothing of a refused chain is left behind.
    pub fn read(objects: &[&[u8]], module: &Hash, image: &(impl Image + ?Sized)) -> Result<Self, ChainError> {
        if objects.len() > CHAIN_OBJECTS_MAX {
            return Err(ChainError::Broken);
        }
        let mut objects = objects.iter().filter(|object| !object.is_empty());
        let first = objects.next().ok_or(ChainError::Broken)?;
        let delta = expected(first, 0, module)?;
        let mut reading = Reading::default();
        reading.apply(&delta, image)?;
        let (mut registers, mut depth, mut delta_bytes) = (delta.registers, 0, 0);
        for object in objects {
            depth += 1;
            let delta = expected(object, depth, module)?;
            reading.apply(&delta, image)?;
            registers = delta.registers;
            delta_bytes += object.len() as u64;
        }
        let pages = reading.pages.iter().map(|(number, _, page)| (*number, page.clone())).collect();
        Ok(Self {
            state: State {
                registers,
                pages: Pages::new(pages).map_err(|_| ChainError::Broken)?,
                files: reading.files,
            },
            slim: false,
            table: reading.pages.iter().map(|(number, hash, _)| (*number, *hash)).collect(),
            held: reading.contents.into_keys().collect(),
            depth,
            full_bytes: first.len() as u64,
            delta_bytes,
        })
    }

    /// The state that they make.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// How many objects there are after the one that holds everything.
    #[must_use]
    pub fn depth(&self) -> u16 {
        self.depth
    }
}

/// Objects as one string of bytes, for [`split`]: how many, their sizes, and they themselves.
#[must_use]
pub fn join<T: AsRef<[u8]>>(objects: &[T]) -> Vec<u8> {
    let bytes: usize = objects.iter().map(|object| object.as_ref().len()).sum();
    let mut joined = Vec::with_capacity(4 + 4 * objects.len() + bytes);
    // Objects are far below 4 GiB, and there are a few dozen of them; what was not would not be taken apart again.
    let mut number = |number: usize| joined.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    number(objects.len());
    objects.iter().for_each(|object| number(object.as_ref().len()));
    objects.iter().for_each(|object| joined.extend_from_slice(object.as_ref()));
    joined
}

/// What [`join`] put together.
///
/// # Errors
/// `Broken` for anything else.
pub fn split(joined: &[u8]) -> Result<Vec<&[u8]>, ChainError> {
    let (count, rest) = joined.split_first_chunk().ok_or(ChainError::Broken)?;
    let count = u32::from_le_bytes(*count) as usize;
    if count > CHAIN_OBJECTS_MAX {
        return Err(ChainError::Broken);
    }
    let (sizes, mut rest) = rest.split_at_checked(4 * count).ok_or(ChainError::Broken)?;
    let mut objects = Vec::with_capacity(count);
    for size in sizes.as_chunks().0 {
        let (object, after) = rest
            .split_at_checked(u32::from_le_bytes(*size) as usize)
            .ok_or(ChainError::Broken)?;
        objects.push(object);
        rest = after;
    }
    if rest.is_empty() { Ok(objects) } else { Err(ChainError::Broken) }
}

fn expected<'a>(object: &'a [u8], depth: u16, module: &Hash) -> Result<Delta<'a>, ChainError> {
    let delta = Delta::decode(object)?;
    if delta.depth != depth {
        return Err(ChainError::Broken);
    }
    if delta.registers.module != *module {
        return Err(ChainError::ForeignImage {
            found: delta.registers.module,
        });
    }
    Ok(delta)
}

/// A state that is being put together.
#[derive(Default)]
struct Reading {
    pages: Vec<(u32, Hash, Page)>,
    contents: HashMap<Hash, Page>,
    files: Files,
}

impl Reading {
    fn apply(&mut self, delta: &Delta<'_>, image: &(impl Image + ?Sized)) -> Result<(), ChainError> {
        let mut here = self.pages_in(delta, image)?.into_iter();
        let mut changed = Vec::with_capacity(delta.changes.len());
        for change in &delta.changes {
            let page = match change.source {
                Source::Earlier => self.contents.get(&change.hash).cloned(),
                Source::Plain | Source::Image | Source::Before => here.next(),
            };
            let page = page.ok_or(ChainError::PageMissing)?;
            self.contents.insert(change.hash, page.clone());
            changed.push((change.number, change.hash, page));
        }
        self.pages = merge(std::mem::take(&mut self.pages), changed, &delta.reverted, |page| page.0);
        if self
            .pages
            .last()
            .is_some_and(|(last, ..)| *last >= delta.registers.memory_pages << 4)
        {
            return Err(ChainError::Broken);
        }
        if let Some(files) = &delta.files {
            self.files = read_files(files, &self.files)?;
        }
        Ok(())
    }

    /// The pages whose contents are in this object, in order.
    fn pages_in(&self, delta: &Delta<'_>, image: &(impl Image + ?Sized)) -> Result<Vec<Page>, ChainError> {
        let mut changes = delta.changes.iter().filter(|change| change.source != Source::Earlier);
        let mut pages = Vec::new();
        for mut group in delta.pages.expand().map_err(ChainError::Compressed)? {
            for (page, change) in group.as_chunks_mut::<PAGE_BYTES>().0.iter_mut().zip(changes.by_ref()) {
                match change.source {
                    Source::Earlier | Source::Plain => {}
                    Source::Image => *page = difference(page, image.page(change.number)),
                    Source::Before => {
                        let before = self.pages.binary_search_by_key(&change.number, |(number, ..)| *number).ok();
                        let (.., before) = before.and_then(|at| self.pages.get(at)).ok_or(ChainError::PageMissing)?;
                        *page = difference(page, before);
                    }
                }
            }
            let mut group = Bytes::from(group);
            while !group.is_empty() {
                pages.extend(Page::new(group.split_to(PAGE_BYTES.min(group.len()))));
            }
        }
        Ok(pages)
    }
}

fn read_files(delta: &FilesDelta<'_>, before: &Files) -> Result<Files, ChainError> {
    let tree = delta.tree.expand().map_err(ChainError::Compressed)?.concat();
    let mut bytes = Bytes::from(delta.blobs.expand().map_err(ChainError::Compressed)?.concat());
    let gone: HashSet<&Hash> = delta.gone.iter().collect();
    let mut blobs: Vec<Blob> = before.blobs().filter(|blob| !gone.contains(blob.hash())).cloned().collect();
    for size in &delta.sizes {
        let blob = bytes.split_to((*size as usize).min(bytes.len()));
        blobs.push(Blob::new(blob).ok_or(ChainError::Broken)?);
    }
    Ok(Files::new(tree.into(), blobs)?)
}

/// `old` with `new` in it and without `gone`; all three ascending by `number`.
fn merge<T>(old: Vec<T>, new: Vec<T>, gone: &[u32], number: impl Fn(&T) -> u32) -> Vec<T> {
    if old.is_empty() {
        return new;
    }
    let mut merged = Vec::with_capacity(old.len() + new.len());
    let mut new = new.into_iter().peekable();
    for row in old {
        let at = number(&row);
        while let Some(next) = new.next_if(|next| number(next) < at) {
            merged.push(next);
        }
        match new.next_if(|next| number(next) == at) {
            Some(next) => merged.push(next),
            None if gone.binary_search(&at).is_ok() => {}
            None => merged.push(row),
        }
    }
    merged.extend(new);
    merged
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
