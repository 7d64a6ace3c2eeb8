//! The memory of sleeping kernels: for each a folder of sealed objects, numbered, whose parents make a graph.
//!
//! ```text
//! <kernel>/<number>                    an object; the highest number is what the kernel is
//! <kernel>/name-<number>.<hex>         a name that somebody gave to it
//! <kernel>/pin-<number>.<kernel>       another kernel began from it
//! <kernel>/aside-<number>              up to here nothing is current: it could not be read
//! <kernel>/removed-<number>            up to here nothing is there any more, but for what others need
//! ```
//!
//! The number alone is an object's name, so that two nodes cannot both write the same one: the second is told, and looks again. Where others write
//! as well ([`Objects::is_shared`]), every operation but the end of a cell looks at the medium first. A kernel's id is never another kernel's later.

mod collect;
mod history;
mod shelf;
mod transfer;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::chain::ChainError;
use crate::limits::CHAIN_OBJECTS_MAX;
use crate::objects::{Objects, PutError};
use crate::sealed::{Head, KernelId, Kind, Place, ProjectKey, SealError, open, seal};
use shelf::Shelf;

pub use collect::Retention;
pub use history::{Difference, Moment};

/// Why a kernel's memory cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing is kept of it.
    #[error("nothing is kept of this kernel")]
    Nothing,
    /// No such checkpoint.
    #[error("checkpoint {number} of this kernel is not kept (any more)")]
    NoSuch {
        /// Its number.
        number: u64,
    },
    /// There is something where there must be nothing.
    #[error("there is a kernel with this id already; nothing was changed")]
    Exists,
    /// What was to be kept does not follow what is kept.
    #[error("another checkpoint of this kernel was kept in the meantime; this one was not")]
    NotNewest,
    /// The medium did not answer, and it cannot be found out whether it has kept this.
    #[error("it is not known whether this was kept: {0}")]
    Unclear(#[source] io::Error),
    /// A name that nobody can have.
    #[error("a checkpoint's name has 1 to {NAME_BYTES_MAX} bytes")]
    Name,
    /// Something in the kernel's folder was not put there by this version of the program.
    #[error(
        "{name} in the kernel's folder was written by another version of this program, which this one does not read; move the folder away"
    )]
    Unknown {
        /// Its name.
        name: String,
    },
    /// An object cannot be opened.
    #[error("checkpoint {number} cannot be opened: {why}")]
    Sealed {
        /// Its number.
        number: u64,
        /// Why.
        why: SealError,
    },
    /// An object that others need is not there, or it is not the one that they name.
    #[error("checkpoint {number}, which this one needs, is gone or is another one")]
    Broken {
        /// Its number.
        number: u64,
    },
    /// Objects can be opened, but they make no state.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The file is no exported kernel.
    #[error("this file is not an exported kernel, or it was cut off or altered")]
    NotAnExport,
    /// The medium failed.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// Longest name of a checkpoint, in bytes.
pub const NAME_BYTES_MAX: usize = 100;

/// Kernels about which this remembers what is on the medium; when there are more, it looks again.
const SHELVES_MAX: usize = 4096;

/// What a kernel is: its newest object, and those before it that it needs.
#[derive(Debug)]
pub struct Kept {
    /// Number of the newest object.
    pub number: u64,
    /// Objects for [`crate::Chain::read`], the one that holds everything first.
    pub objects: Vec<Vec<u8>>,
}

/// The checkpoints of all kernels on one medium.
///
/// Calls block. Those of one kernel come one after the other, those of different kernels do not wait for each other.
#[derive(Debug)]
pub struct Store {
    objects: Box<dyn Objects>,
    retention: Retention,
    shelves: Mutex<HashMap<KernelId, Arc<Mutex<Shelf>>>>,
    now: fn() -> u64,
}

impl Store {
    /// On this medium. `now` tells milliseconds since the epoch.
    #[must_use]
    pub fn new(objects: Box<dyn Objects>, retention: Retention, now: fn() -> u64) -> Self {
        Self {
            objects,
            retention,
            shelves: Mutex::default(),
            now,
        }
    }

    /// The number of the kernel's newest object, whoever kept it; none when nothing is kept of it.
    ///
    /// # Errors
    /// What the medium says.
    pub fn newest(&self, kernel: KernelId) -> Result<Option<u64>, StoreError> {
        let shelf = self.shelf(kernel);
        let shelf = self.looked_at(&shelf, kernel)?;
        Ok(shelf.newest())
    }

    /// Keep what a cell left behind: everything, or what differs from object `after`, which must be the newest. Returns its number; it is on the
    /// medium then. On an error the kernel is what it was.
    ///
    /// # Errors
    /// `NotNewest` when somebody else has kept something meanwhile; `Unclear`; what the medium says.
    pub fn append(&self, kernel: KernelId, key: &ProjectKey, after: Option<u64>, object: &[u8]) -> Result<u64, StoreError> {
        let shelf = self.shelf(kernel);
        // As it was when the cell began: what came since then has taken the number.
        let mut shelf = self.known(&shelf, kernel)?;
        let newest = shelf.newest();
        let parent = newest.map(|number| self.place(&mut shelf, kernel, number)).transpose()?;
        let kind = match after {
            None => Kind::Full,
            after if after == newest => Kind::Delta,
            Some(_) => return Err(StoreError::NotNewest),
        };
        self.put(&mut shelf, kernel, key, kind, parent, object).map(|place| place.number)
    }

    /// What the kernel is.
    ///
    /// # Errors
    /// `Nothing`, `Sealed`, `Broken`, and what the medium says.
    pub fn read(&self, kernel: KernelId, key: &ProjectKey) -> Result<Kept, StoreError> {
        let shelf = self.shelf(kernel);
        let shelf = self.looked_at(&shelf, kernel)?;
        let number = shelf.newest().ok_or(StoreError::Nothing)?;
        self.chain(kernel, key, number)
    }

    /// What the kernel was at this number.
    ///
    /// # Errors
    /// `NoSuch`, `Sealed`, `Broken`, and what the medium says.
    pub fn read_at(&self, kernel: KernelId, key: &ProjectKey, number: u64) -> Result<Kept, StoreError> {
        let shelf = self.shelf(kernel);
        let mut guard = self.known(&shelf, kernel)?;
        if !guard.has(number) {
            drop(guard);
            guard = self.looked_at(&shelf, kernel)?;
        }
        if !guard.has(number) {
            return Err(StoreError::NoSuch { number });
        }
        self.chain(kernel, key, number)
    }

    /// From object `number` back to one that holds everything.
    fn chain(&self, kernel: KernelId, key: &ProjectKey, number: u64) -> Result<Kept, StoreError> {
        let mut objects = Vec::new();
        let (mut at, mut expected) = ((kernel, number), None);
        loop {
            let number = at.1;
            let sealed = self.get(at.0, number)?;
            let (id, head, object) = open(key, at.0, number, sealed).map_err(|why| StoreError::Sealed { number, why })?;
            if expected.is_some_and(|expected| expected != id) || objects.len() >= CHAIN_OBJECTS_MAX {
                return Err(StoreError::Broken { number });
            }
            objects.push(object);
            let Some(parent) = head.parent.filter(|_| head.kind != Kind::Full) else {
                break;
            };
            (at, expected) = ((parent.kernel, parent.number), Some(parent.id));
        }
        objects.reverse();
        Ok(Kept { number, objects })
    }

    fn get(&self, kernel: KernelId, number: u64) -> Result<Vec<u8>, StoreError> {
        match self.objects.get(&kernel.to_string(), &number.to_string()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Broken { number }),
            read => Ok(read?),
        }
    }

    /// Seal an object and keep it under the next number.
    fn put(
        &self,
        shelf: &mut Shelf,
        kernel: KernelId,
        key: &ProjectKey,
        kind: Kind,
        parent: Option<Place>,
        object: &[u8],
    ) -> Result<Place, StoreError> {
        let number = shelf.next();
        self.put_at(shelf, kernel, key, number, kind, parent, object)
    }

    #[expect(clippy::too_many_arguments, reason = "an object and where it goes")]
    fn put_at(
        &self,
        shelf: &mut Shelf,
        kernel: KernelId,
        key: &ProjectKey,
        number: u64,
        kind: Kind,
        parent: Option<Place>,
        object: &[u8],
    ) -> Result<Place, StoreError> {
        let head = Head {
            number,
            at: (self.now)(),
            kind,
            parent,
        };
        let (id, sealed) = seal(key, kernel, &head, object)?;
        let put = self.objects.put_new(&kernel.to_string(), &head.number.to_string(), &sealed);
        match put {
            Ok(()) => {}
            Err(PutError::Taken) => {
                // Another node has this kernel now: whatever is known about it here is old.
                *shelf = Shelf::default();
                return Err(StoreError::NotNewest);
            }
            Err(PutError::Failed(error)) => return Err(error.into()),
            Err(PutError::Unclear(error)) => {
                *shelf = Shelf::default();
                return Err(StoreError::Unclear(error));
            }
        }
        shelf.add(id, head, sealed.len() as u64);
        Ok(Place {
            kernel,
            number: head.number,
            id,
        })
    }

    /// Where an object that is there is, and which one it is.
    fn place(&self, shelf: &mut Shelf, kernel: KernelId, number: u64) -> Result<Place, StoreError> {
        let (id, _) = self.head(shelf, kernel, number)?;
        Ok(Place { kernel, number, id })
    }

    fn head(&self, shelf: &mut Shelf, kernel: KernelId, number: u64) -> Result<(crate::Hash, Head), StoreError> {
        shelf.head(&*self.objects, kernel, number)
    }

    fn shelf(&self, kernel: KernelId) -> Arc<Mutex<Shelf>> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        if shelves.len() >= SHELVES_MAX {
            shelves.retain(|_, shelf| Arc::strong_count(shelf) > 1);
        }
        shelves.entry(kernel).or_default().clone()
    }

    /// The shelf as it is now: after looking at the medium, when others write to it or nobody has looked.
    fn looked_at<'a>(&self, shelf: &'a Mutex<Shelf>, kernel: KernelId) -> Result<MutexGuard<'a, Shelf>, StoreError> {
        let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if self.objects.is_shared() || !shelf.looked() {
            shelf.look(&*self.objects, kernel)?;
        }
        Ok(shelf)
    }

    /// The shelf as this store saw it last.
    fn known<'a>(&self, shelf: &'a Mutex<Shelf>, kernel: KernelId) -> Result<MutexGuard<'a, Shelf>, StoreError> {
        let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if !shelf.looked() {
            shelf.look(&*self.objects, kernel)?;
        }
        Ok(shelf)
    }
}

#[cfg(test)]
mod tests;
