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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Layers;
    use crate::memory::folded::Folded;
    use selvedge_checkpoint::{Image as _, PAGE_BYTES};

    const IMAGE_PAGES: usize = 16 * 40;

    /// A small generator of numbers, the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % end
        }
    }

    fn slots(scanner: Scanner, mappings: usize) -> Slots {
        let image: Vec<u8> = (0..IMAGE_PAGES * PAGE_BYTES).map(|at| (at / 1_000).to_le_bytes()[0]).collect();
        let image = Arc::new(Sealed::gather(&[&image]).unwrap());
        Slots::new(image, Mappings::limited(mappings), Arc::new(scanner))
    }

    impl Tenant {
        fn memory(&mut self) -> &mut [u8] {
            // SAFETY: the tenant is lent for as long.
            #[expect(unsafe_code, reason = "what a guest has")]
            unsafe {
                std::slice::from_raw_parts_mut(self.slot.base(), self.size)
            }
        }
    }

    /// What a guest and its kernel's owner do, at random; a plain vector is told the same.
    fn live(slots: &Slots, dice: &mut Dice) {
        let inner = &slots.0;
        let mut tenant = slots.take().unwrap();
        let slot = Arc::clone(&tenant.slot);
        let mut layers = Layers::default();
        assert!(*tenant.memory() == ***slot.image(), "a new memory is the image");
        let mut plain = tenant.memory().to_vec();
        for _ in 0..dice.below(12) {
            match dice.below(5) {
                0 => {
                    let size = tenant.size + (dice.below(6) + 1) * (PAGE_BYTES << 4);
                    tenant.grow_to(size).unwrap();
                    plain.resize(size, 0);
                }
                1 | 2 => {
                    // Some pages far apart, or many side by side.
                    let (count, step) = [(30, 7), (400, 1), (3, 100)][dice.below(3)];
                    let first = dice.below(plain.len() / PAGE_BYTES);
                    for page in (first..plain.len() / PAGE_BYTES).step_by(step).take(count) {
                        let (at, byte) = (page * PAGE_BYTES + dice.below(PAGE_BYTES), dice.below(256).to_le_bytes()[0]);
                        tenant.memory()[at] = byte;
                        plain[at] = byte;
                    }
                }
                3 => {
                    let fresh = layers.fresh(&inner.scanner, tenant.memory(), &inner.image);
                    layers.freeze(&slot, tenant.memory(), &fresh, &inner.mappings).unwrap();
                }
                _ => {
                    let folded = Folded::new(&layers, &inner.scanner, tenant.memory(), &inner.image);
                    let mut other = slots.take().unwrap();
                    if other.size < folded.bytes() {
                        other.grow_to(folded.bytes()).unwrap();
                    }
                    let place = Arc::clone(&other.slot);
                    let mut mapped = Layers::default();
                    if let Some(base) = folded.base()
                        && !mapped.put(&place, other.memory(), base, &inner.mappings).unwrap()
                    {
                        base.copy_to(other.memory());
                    }
                    folded.unfold(other.memory());
                    assert!(*other.memory() == plain, "unfolded elsewhere");
                }
            }
            assert!(*tenant.memory() == plain);
            let fresh = layers.fresh(&inner.scanner, tenant.memory(), &inner.image);
            let pages = layers.pages(&fresh, tenant.memory(), &inner.image);
            let differ = crate::dirty::differing(&plain, &inner.image).collect::<Vec<_>>();
            assert_eq!(pages.as_slice().iter().map(|(number, _)| *number).collect::<Vec<_>>(), differ);
            assert!(pages.as_slice().iter().all(|(number, page)| **page == *plain.page(*number)));
        }
    }

    #[test]
    fn whatever_tenants_did_the_next_one_finds_the_image_and_zeros_beyond_it() {
        for (scanner, mappings) in [
            (Scanner::new(), 10_000),
            (Scanner::without_pagemap(), 10_000),
            // So few that most layers cannot be mapped.
            (Scanner::new(), 30),
        ] {
            let slots = slots(scanner, mappings);
            let mut dice = Dice(1);
            for _ in 0..60 {
                live(&slots, &mut dice);
            }
            assert!(slots.0.book().taken.is_empty());
        }
    }

    #[test]
    fn a_memory_that_asks_for_more_than_a_slot_is_refused() {
        let slots = slots(Scanner::new(), 100);
        let image = slots.0.image.len();
        let ask = |minimum, reserved, guard| slots.new_memory(MemoryType::new(1, None), minimum, None, reserved, guard).is_ok();
        assert!(ask(image, Some(RESERVATION_BYTES), GUARD_BYTES));
        assert!(!ask(image + 1, Some(RESERVATION_BYTES), GUARD_BYTES));
        assert!(!ask(image, Some(RESERVATION_BYTES + 1), GUARD_BYTES));
        assert!(!ask(image, Some(RESERVATION_BYTES), GUARD_BYTES + 1));
    }
}
