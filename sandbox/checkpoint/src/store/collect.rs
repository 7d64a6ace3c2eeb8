//! What is kept for how long.

use std::collections::BTreeSet;

use crate::sealed::{KernelId, Kind};
use crate::store::shelf::{Mark, Shelf};
use crate::store::{Store, StoreError};

/// What is kept of each kernel, beside what it is, what has a name, and whatever of all these needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The newest so many states.
    pub states: u64,
    /// Where others write as well: how long nobody must have been able to come back to an object before it goes, in milliseconds. Longer than any
    /// operation takes, so that none that is under way at another node is about to name it.
    pub grace_ms: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            states: 50,
            grace_ms: 10 * 60 * 1000,
        }
    }
}

impl Store {
    /// Remove what nobody can come back to any more, also of kernels that this one began from. Returns how many objects went. Whatever it is
    /// interrupted by, nothing that is needed is missing, and the next time removes the rest.
    ///
    /// # Errors
    /// What the medium says.
    pub fn collect(&self, kernel: KernelId) -> Result<usize, StoreError> {
        let (mut gone, mut next) = (0, vec![kernel]);
        while let Some(kernel) = next.pop() {
            let (count, released) = {
                let shelf = self.shelf(kernel);
                let mut shelf = self.looked_at(&shelf, kernel)?;
                let needed = self.needed(&mut shelf, kernel)?;
                self.discard(&mut shelf, kernel, &needed)?
            };
            gone += count;
            // Outside of this kernel's lock: the other one may be waiting to do the same with ours.
            for (other, number) in released {
                self.unmark(other, &Mark::Pin(number, kernel))?;
                next.push(other);
            }
        }
        Ok(gone)
    }

    /// Forget the kernel. What other kernels need of it stays until they need it no longer, but nobody comes back to it.
    ///
    /// # Errors
    /// As for [`Store::collect`].
    pub fn remove(&self, kernel: KernelId) -> Result<(), StoreError> {
        {
            let shelf = self.shelf(kernel);
            let mut shelf = self.looked_at(&shelf, kernel)?;
            let Some(newest) = shelf.items.keys().next_back().copied() else {
                return Ok(());
            };
            self.mark(&mut shelf, kernel, Mark::Removed(newest))?;
        }
        self.collect(kernel).map(drop)
    }

    /// Numbers of the objects that must stay.
    pub(super) fn needed(&self, shelf: &mut Shelf, kernel: KernelId) -> Result<BTreeSet<u64>, StoreError> {
        let states = usize::try_from(self.retention.states).unwrap_or(usize::MAX).max(1);
        let newest = shelf.items.keys().rev().copied().filter(|number| shelf.has(*number)).take(states);
        let marked = shelf.marks.iter().filter_map(|mark| match mark {
            Mark::Name(number, _) => shelf.has(*number).then_some(*number),
            Mark::Pin(number, _) => Some(*number),
            Mark::Aside(_) | Mark::Removed(_) => None,
        });
        let roots: BTreeSet<u64> = newest.chain(marked).collect();
        let mut needed = BTreeSet::new();
        for root in roots {
            let mut next = Some(root);
            while let Some(number) = next.filter(|number| shelf.items.contains_key(number) && needed.insert(*number)) {
                let parent = match self.head(shelf, kernel, number) {
                    Ok((_, head)) => head.parent.filter(|parent| head.kind != Kind::Full && parent.kernel == kernel),
                    // Nobody can restore this one, so it needs nothing.
                    Err(StoreError::Sealed { .. }) => None,
                    Err(error) => return Err(error),
                };
                next = parent.map(|parent| parent.number);
            }
        }
        Ok(needed)
    }

    /// Removes everything else, the newest first: a parent never goes before what names it. Returns how many went, and which states of other
    /// kernels nothing here needs any more.
    fn discard(&self, shelf: &mut Shelf, kernel: KernelId, needed: &BTreeSet<u64>) -> Result<(usize, Vec<(KernelId, u64)>), StoreError> {
        let folder = kernel.to_string();
        let mut going: Vec<u64> = shelf
            .items
            .keys()
            .rev()
            .filter(|number| !needed.contains(number))
            .copied()
            .collect();
        if self.objects.is_shared() {
            let (now, removed) = ((self.now)(), shelf.removed());
            let condemned = &mut shelf.condemned;
            condemned.retain(|number, _| !needed.contains(number));
            going.retain(|number| {
                let since = *condemned.entry(*number).or_insert(now);
                *number <= removed || now.saturating_sub(since) >= self.retention.grace_ms
            });
        }
        let mut released = BTreeSet::new();
        for number in &going {
            // One that cannot be read needs nothing that could be found.
            released.extend(
                self.head(shelf, kernel, *number)
                    .ok()
                    .and_then(|(_, head)| foreign(kernel, head.parent)),
            );
            self.objects.delete(&folder, &number.to_string())?;
            shelf.items.remove(number);
        }
        for number in needed {
            let head = self.head(shelf, kernel, *number).ok();
            if let Some(parent) = head.and_then(|(_, head)| foreign(kernel, head.parent)) {
                released.remove(&parent);
            }
        }
        let empty = shelf.items.is_empty();
        let idle = |mark: &Mark| match mark {
            Mark::Name(number, _) => !needed.contains(number),
            // While objects stay, their numbers must not be given again.
            Mark::Aside(_) | Mark::Removed(_) => empty,
            Mark::Pin(..) => false,
        };
        let idle: Vec<Mark> = shelf.marks.extract_if(.., |mark| idle(mark)).collect();
        for mark in idle {
            self.objects.delete(&folder, &mark.file())?;
        }
        Ok((going.len(), released.into_iter().collect()))
    }
}

fn foreign(kernel: KernelId, parent: Option<crate::Place>) -> Option<(KernelId, u64)> {
    parent
        .filter(|parent| parent.kernel != kernel)
        .map(|parent| (parent.kernel, parent.number))
}
