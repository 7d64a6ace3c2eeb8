use super::{GUARD_BYTES, Mappings, RESERVATION_BYTES, Sealed, Slot};
use crate::dirty::Scanner;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

/// Free slots that are kept: enough for a burst of kernels that end and begin.
const FREE_MAX: usize = 64;

/// Slots for memories that begin as one image. Clones are the same.
#[derive(Clone)]
pub(crate) struct Slots(Arc<Inner>);

struct Inner {
    image: Arc<Sealed>,
    mappings: Mappings,
    scanner: Arc<Scanner>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    free: Vec<Arc<Slot>>,
    /// Those with a tenant, by address: how to get from what `wasmtime` says about a memory to its slot.
    taken: HashMap<usize, Weak<Slot>>,
}

impl Slots {
    pub(crate) fn new(image: Arc<Sealed>, mappings: Mappings, scanner: Arc<Scanner>) -> Self {
        Self(Arc::new(Inner {
            image,
            mappings,
            scanner,
            book: Mutex::default(),
        }))
    }

    /// The slot of the memory at this address.
    pub(crate) fn find(&self, base: *const u8) -> Option<Arc<Slot>> {
        self.0.book().taken.get(&base.addr()).and_then(Weak::upgrade)
    }

    fn take(&self) -> io::Result<Tenant> {
        let free = self.0.book().free.pop();
        let slot = match free {
            Some(slot) => slot,
            None => Arc::new(Slot::new(&self.0.image, &self.0.mappings)?),
        };
        self.0.book().taken.insert(slot.base().addr(), Arc::downgrade(&slot));
        let size = slot.image().len();
        Ok(Tenant {
            slots: self.clone(),
            slot,
            size,
        })
    }

    /// Of a memory that is gone.
    fn take_back(&self, slot: &Arc<Slot>, size: usize) {
        self.0.book().taken.remove(&slot.base().addr());
        if self.0.book().free.len() >= FREE_MAX || slot.renew(size, &self.0.scanner).is_err() {
            return;
        }
        self.0.book().free.push(Arc::clone(slot));
    }
}

impl Inner {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// SAFETY: a slot is page-aligned memory at a fixed place, with at least the reservation and the guard that are asked for, and the image in it,
// which is what instances begin with instead of zeros.
#[expect(unsafe_code, reason = "memories of our own")]
unsafe impl MemoryCreator for Slots {
    fn new_memory(
        &self,
        _: MemoryType,
        minimum: usize,
        _: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        if minimum != self.0.image.len() || reserved != Some(RESERVATION_BYTES) || guard > GUARD_BYTES {
            return Err("the guest's memory is not that of its image".to_owned());
        }
        match self.take() {
            Ok(tenant) => Ok(Box::new(tenant)),
            Err(error) => Err(format!("no memory can be mapped: {error}")),
        }
    }
}

/// The memory in a slot.
struct Tenant {
    slots: Slots,
    slot: Arc<Slot>,
    size: usize,
}

// SAFETY: `size` bytes from `as_ptr` on are readable and writable until this is dropped, and nothing beyond them up to the guard's end.
#[expect(unsafe_code, reason = "memories of our own")]
unsafe impl LinearMemory for Tenant {
    fn byte_size(&self) -> usize {
        self.size
    }

    fn byte_capacity(&self) -> usize {
        RESERVATION_BYTES
    }

    fn grow_to(&mut self, new_size: usize) -> wasmtime::Result<()> {
        self.slot.open(self.size..new_size)?;
        self.size = new_size;
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.slot.base()
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        self.slots.take_back(&self.slot, self.size);
    }
}
