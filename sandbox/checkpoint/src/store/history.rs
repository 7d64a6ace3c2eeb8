//! Going back, going on elsewhere, and looking at what was.

use std::collections::BTreeSet;

use crate::diff::Table;
use crate::objects::Listed;
use crate::sealed::{KernelId, Kind, Place, ProjectKey};
use crate::store::shelf::{Mark, Shelf};
use crate::store::{NAME_BYTES_MAX, Store, StoreError};

/// A state that a kernel was in and can be again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its number.
    pub number: u64,
    /// When: milliseconds since the epoch.
    pub at: u64,
    /// The state before it: whose, and its number.
    pub parent: Option<(KernelId, u64)>,
    /// It is what its parent is: somebody went back there, or began with it.
    pub same: bool,
    /// Bytes that it takes on the medium.
    pub bytes: u64,
    /// Names that somebody gave to it.
    pub names: Vec<String>,
}

/// How one state differs from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Size of the memory in 64 KiB pages, then and now.
    pub memory_pages: (u32, u32),
    /// Numbers of the 4 KiB pages whose contents differ, ascending.
    pub pages: Vec<u32>,
    /// Whether the files differ.
    pub files: bool,
}

impl Store {
    /// The kernel's states, oldest first.
    ///
    /// # Errors
    /// What the medium says.
    pub fn history(&self, kernel: KernelId) -> Result<Vec<Moment>, StoreError> {
        let shelf = self.shelf(kernel);
        let mut shelf = self.looked_at(&shelf, kernel)?;
        let kept = self.kept(&mut shelf, kernel)?;
        let numbers: Vec<(u64, u64)> = shelf.items.iter().map(|(number, item)| (*number, item.bytes)).collect();
        let mut moments = Vec::with_capacity(numbers.len());
        for (number, bytes) in numbers {
            if !shelf.has(number) || kept.as_ref().is_some_and(|kept| !kept.contains(&number)) {
                continue;
            }
            // One that cannot be read is no state to go back to.
            let Ok((_, head)) = self.head(&mut shelf, kernel, number) else {
                continue;
            };
            moments.push(Moment {
                number,
                at: head.at,
                parent: head.parent.map(|parent| (parent.kernel, parent.number)),
                same: head.kind == Kind::Same,
                bytes,
                names: shelf
                    .marks
                    .iter()
                    .filter_map(|mark| match mark {
                        Mark::Name(of, name) if *of == number => Some(name.clone()),
                        _ => None,
                    })
                    .collect(),
            });
        }
        Ok(moments)
    }

    /// Make the kernel what it was at `number`. What it was since then stays in its history. Returns the new object's number.
    ///
    /// # Errors
    /// `NoSuch`; `Sealed` and `Broken` when that state cannot be restored; what the medium says. The kernel is what it was then.
    pub fn rewind(&self, kernel: KernelId, key: &ProjectKey, number: u64) -> Result<u64, StoreError> {
        let shelf = self.shelf(kernel);
        let mut shelf = self.looked_at(&shelf, kernel)?;
        let target = self.target(&mut shelf, kernel, key, number)?;
        self.put(&mut shelf, kernel, key, Kind::Same, Some(target), &[])
            .map(|place| place.number)
    }

    /// Begin other kernels with what this one is, or was at `number`. Each costs a small object, whatever its size.
    ///
    /// # Errors
    /// As [`Store::rewind`]; `Exists` when one of the ids has something. Those before it in the list have begun then.
    pub fn fork(&self, kernel: KernelId, key: &ProjectKey, number: Option<u64>, into: &[KernelId]) -> Result<(), StoreError> {
        let target = {
            let shelf = self.shelf(kernel);
            let mut shelf = self.looked_at(&shelf, kernel)?;
            let number = match number {
                Some(number) => number,
                None => shelf.newest().ok_or(StoreError::Nothing)?,
            };
            self.target(&mut shelf, kernel, key, number)?
        };
        let source = self.shelf(target.kernel);
        drop(self.looked_at(&source, target.kernel)?);
        let mut begun = Vec::with_capacity(into.len());
        let all = into.iter().try_for_each(|new| {
            begun.push(self.fork_one(key, target, *new)?);
            Ok(())
        });
        self.still_there(target, &begun)?;
        all
    }

    fn fork_one(&self, key: &ProjectKey, target: Place, new: KernelId) -> Result<Place, StoreError> {
        if new == target.kernel || self.newest(new)?.is_some() {
            return Err(StoreError::Exists);
        }
        // First the pin, then what it is for: whatever happens between, nothing is missing.
        let pin = Mark::Pin(target.number, new);
        {
            let shelf = self.shelf(target.kernel);
            let mut shelf = self.known(&shelf, target.kernel)?;
            if !shelf.items.contains_key(&target.number) {
                return Err(StoreError::NoSuch { number: target.number });
            }
            self.mark(&mut shelf, target.kernel, pin.clone())?;
        }
        let shelf = self.shelf(new);
        let mut shelf = self.known(&shelf, new)?;
        let begun = if shelf.newest().is_some() {
            Err(StoreError::Exists)
        } else {
            self.put(&mut shelf, new, key, Kind::Same, Some(target), &[])
        };
        drop(shelf);
        // What may be there after all keeps its pin.
        if begun.as_ref().is_err_and(|error| !matches!(error, StoreError::Unclear(_))) {
            self.unmark(target.kernel, &pin)?;
        }
        begun
    }

    /// Looks whether nobody else has removed `target` while what `begun` names was written, which needs it; else that goes as well.
    fn still_there(&self, target: Place, begun: &[Place]) -> Result<(), StoreError> {
        let number = target.number;
        let is_it = |listed: &Listed| listed.name == number.to_string();
        if !self.objects.is_shared() || self.objects.list(&target.kernel.to_string())?.iter().any(is_it) {
            return Ok(());
        }
        for place in begun {
            let shelf = self.shelf(place.kernel);
            let mut shelf = self.known(&shelf, place.kernel)?;
            self.objects.delete(&place.kernel.to_string(), &place.number.to_string())?;
            shelf.items.remove(&place.number);
            drop(shelf);
            self.unmark(target.kernel, &Mark::Pin(number, place.kernel))?;
        }
        Err(StoreError::NoSuch { number })
    }

    /// Give a state a name: it is kept for as long as it has one.
    ///
    /// # Errors
    /// `Name`, `NoSuch`, and what the medium says.
    pub fn name(&self, kernel: KernelId, number: u64, name: &str) -> Result<(), StoreError> {
        if !(1..=NAME_BYTES_MAX).contains(&name.len()) {
            return Err(StoreError::Name);
        }
        let shelf = self.shelf(kernel);
        let mut shelf = self.looked_at(&shelf, kernel)?;
        self.check(&mut shelf, kernel, number)?;
        self.mark(&mut shelf, kernel, Mark::Name(number, name.to_owned()))
    }

    /// Take a name away again; one that is not there is no error.
    ///
    /// # Errors
    /// What the medium says.
    pub fn unname(&self, kernel: KernelId, number: u64, name: &str) -> Result<(), StoreError> {
        self.unmark(kernel, &Mark::Name(number, name.to_owned()))
    }

    /// How state `b` differs from state `a` of the same kernel.
    ///
    /// # Errors
    /// `NoSuch`, `Sealed`, `Broken`, `Chain`, and what the medium says.
    pub fn diff(&self, kernel: KernelId, key: &ProjectKey, a: u64, b: u64) -> Result<Difference, StoreError> {
        let [a, b] = [self.read_at(kernel, key, a)?, self.read_at(kernel, key, b)?];
        let table = |objects: &[Vec<u8>]| Table::read(objects.iter().map(Vec::as_slice));
        Ok(table(&a.objects)?.to(&table(&b.objects)?))
    }

    /// What was current could not be restored: the kernel is empty from now on. Its objects stay, and it can be made what it was at an earlier one.
    ///
    /// # Errors
    /// What the medium says.
    pub fn set_aside(&self, kernel: KernelId) -> Result<(), StoreError> {
        let shelf = self.shelf(kernel);
        let mut shelf = self.looked_at(&shelf, kernel)?;
        match shelf.newest() {
            Some(newest) => self.mark(&mut shelf, kernel, Mark::Aside(newest)),
            None => Ok(()),
        }
    }

    /// The object that stands for state `number`: one that says nothing of its own is passed over, so that chains do not grow by going back and
    /// forth. It can be restored.
    fn target(&self, shelf: &mut Shelf, kernel: KernelId, key: &ProjectKey, number: u64) -> Result<Place, StoreError> {
        self.check(shelf, kernel, number)?;
        self.chain(kernel, key, number)?;
        let (id, head) = self.head(shelf, kernel, number)?;
        Ok(match head.parent {
            Some(parent) if head.kind == Kind::Same => parent,
            _ => Place { kernel, number, id },
        })
    }

    /// Whether this state is one to come back to. Where others write as well, one of them may be removing what is not kept.
    fn check(&self, shelf: &mut Shelf, kernel: KernelId, number: u64) -> Result<(), StoreError> {
        let kept = self.kept(shelf, kernel)?;
        if shelf.has(number) && kept.is_none_or(|kept| kept.contains(&number)) {
            Ok(())
        } else {
            Err(StoreError::NoSuch { number })
        }
    }

    /// Objects that stay, where others write as well; elsewhere whatever is there can be used.
    fn kept(&self, shelf: &mut Shelf, kernel: KernelId) -> Result<Option<BTreeSet<u64>>, StoreError> {
        self.objects.is_shared().then(|| self.needed(shelf, kernel)).transpose()
    }

    pub(super) fn mark(&self, shelf: &mut Shelf, kernel: KernelId, mark: Mark) -> Result<(), StoreError> {
        if shelf.marks.contains(&mark) {
            return Ok(());
        }
        match self
            .objects
            .put_new(&kernel.to_string(), &mark.file(), blake3::hash(&[]).as_bytes())
        {
            // Another node has made the same mark.
            Ok(()) | Err(crate::PutError::Taken) => {}
            Err(crate::PutError::Failed(error) | crate::PutError::Unclear(error)) => return Err(error.into()),
        }
        shelf.marks.push(mark);
        Ok(())
    }

    pub(super) fn unmark(&self, kernel: KernelId, mark: &Mark) -> Result<(), StoreError> {
        let shelf = self.shelf(kernel);
        let mut shelf = self.looked_at(&shelf, kernel)?;
        self.objects.delete(&kernel.to_string(), &mark.file())?;
        shelf.marks.retain(|there| there != mark);
        Ok(())
    }
}
