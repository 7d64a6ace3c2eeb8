//! A kernel as one file: to take it away, and to go on elsewhere.
//!
//! ```text
//! "SLVGKRNL" · version (4) · count (4) · for each object, the one that holds everything first:
//!     its kernel (16 bytes as 32 digits) · its number (8) · its size (8) · the object, sealed
//! BLAKE3 of all that (32)
//! ```
//!
//! The objects stay sealed, so the file opens in its own project only.

use crate::limits::CHAIN_OBJECTS_MAX;
use crate::sealed::{KernelId, Kind, Place, ProjectKey, open, verify};
use crate::store::shelf::Mark;
use crate::store::{Store, StoreError};

const MAGIC: &[u8; 8] = b"SLVGKRNL";
const VERSION: u32 = 1;

impl Store {
    /// What the kernel is, as one file. Its history stays behind.
    ///
    /// # Errors
    /// `Nothing`, `Sealed`, `Broken`, and what the medium says.
    pub fn export(&self, kernel: KernelId, key: &ProjectKey) -> Result<Vec<u8>, StoreError> {
        let shelf = self.shelf(kernel);
        let shelf = self.looked_at(&shelf, kernel)?;
        let newest = shelf.newest().ok_or(StoreError::Nothing)?;
        // Nobody shall carry away what cannot be restored elsewhere.
        self.chain(kernel, key, newest)?;
        let mut chain = Vec::new();
        let mut next = Some((kernel, newest));
        while let Some((kernel, number)) = next {
            let sealed = self.get(kernel, number)?;
            let (_, head) = verify(&sealed).map_err(|why| StoreError::Sealed { number, why })?;
            next = head
                .parent
                .filter(|_| head.kind != Kind::Full)
                .map(|parent| (parent.kernel, parent.number));
            chain.push((kernel, number, sealed));
        }
        drop(shelf);
        let mut file = Vec::with_capacity(64 + chain.iter().map(|(.., sealed)| sealed.len() + 64).sum::<usize>());
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&VERSION.to_le_bytes());
        file.extend_from_slice(&u32::try_from(chain.len()).unwrap_or(u32::MAX).to_le_bytes());
        for (kernel, number, sealed) in chain.into_iter().rev() {
            file.extend_from_slice(kernel.to_string().as_bytes());
            file.extend_from_slice(&number.to_le_bytes());
            file.extend_from_slice(&(sealed.len() as u64).to_le_bytes());
            file.extend_from_slice(&sealed);
        }
        let hash = blake3::hash(&file);
        file.extend_from_slice(hash.as_bytes());
        Ok(file)
    }

    /// Begin a kernel with what an exported file holds.
    ///
    /// # Errors
    /// `NotAnExport`; `Sealed` when it is another project's; `Broken` when its objects do not belong together; `Exists` when the kernel has something;
    /// what the medium says. The kernel has nothing then.
    pub fn import(&self, kernel: KernelId, key: &ProjectKey, file: &[u8]) -> Result<(), StoreError> {
        let objects = opened(file, key)?;
        let shelf = self.shelf(kernel);
        let mut shelf = self.looked_at(&shelf, kernel)?;
        if shelf.newest().is_some() {
            return Err(StoreError::Exists);
        }
        // Until this mark goes, what is written here is nobody's.
        let last = shelf.next() - 1 + objects.len() as u64;
        let begun = Mark::Removed(last);
        self.mark(&mut shelf, kernel, begun.clone())?;
        let mut parent: Option<Place> = None;
        let first = last + 1 - objects.len() as u64;
        for (number, (kind, object)) in (first..).zip(objects) {
            parent = Some(self.put_at(&mut shelf, kernel, key, number, kind, parent, &object)?);
        }
        drop(shelf);
        self.unmark(kernel, &begun)
    }
}

/// The objects of an exported file, opened, those that say nothing left out.
fn opened(file: &[u8], key: &ProjectKey) -> Result<Vec<(Kind, Vec<u8>)>, StoreError> {
    let (body, hash) = file.split_last_chunk().ok_or(StoreError::NotAnExport)?;
    if blake3::hash(body) != *hash {
        return Err(StoreError::NotAnExport);
    }
    let mut input = body.strip_prefix(MAGIC).ok_or(StoreError::NotAnExport)?;
    if take(&mut input)? != VERSION.to_le_bytes() {
        return Err(StoreError::NotAnExport);
    }
    let count = u32::from_le_bytes(take(&mut input)?) as usize;
    if !(1..=CHAIN_OBJECTS_MAX).contains(&count) {
        return Err(StoreError::NotAnExport);
    }
    let mut objects = Vec::with_capacity(count);
    let mut before: Option<Place> = None;
    for _ in 0..count {
        let kernel: [u8; 36] = take(&mut input)?;
        let kernel: KernelId = std::str::from_utf8(&kernel)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(StoreError::NotAnExport)?;
        let number = u64::from_le_bytes(take(&mut input)?);
        let len = usize::try_from(u64::from_le_bytes(take(&mut input)?)).map_err(|_| StoreError::NotAnExport)?;
        let (sealed, rest) = input.split_at_checked(len).ok_or(StoreError::NotAnExport)?;
        input = rest;
        let (id, head, object) = open(key, kernel, number, sealed.to_vec()).map_err(|why| StoreError::Sealed { number, why })?;
        let follows = match head.kind {
            Kind::Full => before.is_none(),
            Kind::Delta | Kind::Same => before.is_some() && head.parent == before,
        };
        if !follows {
            return Err(StoreError::Broken { number });
        }
        before = Some(Place { kernel, number, id });
        if head.kind != Kind::Same {
            objects.push((head.kind, object));
        }
    }
    if input.is_empty() {
        Ok(objects)
    } else {
        Err(StoreError::NotAnExport)
    }
}

fn take<const N: usize>(input: &mut &[u8]) -> Result<[u8; N], StoreError> {
    let (taken, rest) = input.split_first_chunk().ok_or(StoreError::NotAnExport)?;
    *input = rest;
    Ok(*taken)
}
