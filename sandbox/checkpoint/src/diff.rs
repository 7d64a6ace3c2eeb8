//! What changed between two states, from what their objects say about them: no page is decompressed.

use std::collections::BTreeMap;

use crate::chain::ChainError;
use crate::decode::Delta;
use crate::state::Hash;
use crate::store::Difference;

/// Which page holds what, by hash.
#[derive(Debug, Default)]
pub(crate) struct Table {
    memory_pages: u32,
    pages: BTreeMap<u32, Hash>,
    /// Of the files' tree, which names their contents by hash.
    files: Option<blake3::Hash>,
}

impl Table {
    /// Of the state that these objects make.
    pub(crate) fn read<'a>(objects: impl Iterator<Item = &'a [u8]>) -> Result<Self, ChainError> {
        let mut table = Self::default();
        for object in objects.filter(|object| !object.is_empty()) {
            let delta = Delta::decode(object)?;
            if delta.depth == 0 {
                table = Self::default();
            }
            table.memory_pages = delta.registers.memory_pages;
            for number in &delta.reverted {
                table.pages.remove(number);
            }
            table.pages.extend(delta.changes.iter().map(|change| (change.number, change.hash)));
            if let Some(files) = &delta.files {
                let mut hasher = blake3::Hasher::new();
                for group in files.tree.expand().map_err(ChainError::Compressed)? {
                    hasher.update(&group);
                }
                table.files = Some(hasher.finalize());
            }
        }
        Ok(table)
    }

    /// How `now` differs from this.
    pub(crate) fn to(&self, now: &Self) -> Difference {
        let numbers = self
            .pages
            .keys()
            .chain(now.pages.keys().filter(|number| !self.pages.contains_key(number)));
        let mut pages: Vec<u32> = numbers
            .filter(|number| self.pages.get(number) != now.pages.get(number))
            .copied()
            .collect();
        pages.sort_unstable();
        Difference {
            memory_pages: (self.memory_pages, now.memory_pages),
            pages,
            files: self.files != now.files,
        }
    }
}
