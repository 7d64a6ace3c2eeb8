//! Memory for small objects, which are most of what an interpreter asks for: a list of free places for each size, and otherwise the next place
//! of a region. No headers and no searching, and what is made together lies together, so a cell changes few pages. Places of one size are never
//! used for another. The rest goes to the C library's allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::ptr;

/// Sizes go in steps of this, which is also every small object's alignment.
const STEP: usize = 8;
/// What is larger is not small.
const SMALL_MAX: usize = 512;
/// What is taken from the C library at a time.
const REGION_BYTES: usize = 32 << 10;

struct Small {
    /// The last place freed of each size, which holds the address of the one before.
    free: [*mut u8; SMALL_MAX / STEP + 1],
    next: *mut u8,
    left: usize,
}

/// The guest's allocator.
pub(crate) struct Allocator(UnsafeCell<Small>);

// SAFETY: a guest has one thread.
unsafe impl Sync for Allocator {}

impl Allocator {
    pub(crate) const fn new() -> Self {
        Self(UnsafeCell::new(Small {
            free: [ptr::null_mut(); SMALL_MAX / STEP + 1],
            next: ptr::null_mut(),
            left: 0,
        }))
    }

    #[cold]
    #[inline(never)]
    unsafe fn fresh(&self, bytes: usize) -> *mut u8 {
        // SAFETY: nothing else uses it meanwhile.
        let small = unsafe { &mut *self.0.get() };
        if small.left < bytes {
            // SAFETY: the layout is not empty.
            let region = unsafe { System.alloc(Layout::from_size_align_unchecked(REGION_BYTES, STEP)) };
            if region.is_null() {
                return region;
            }
            small.next = region;
            small.left = REGION_BYTES;
        }
        let place = small.next;
        // SAFETY: so much is left.
        small.next = unsafe { place.add(bytes) };
        small.left -= bytes;
        place
    }
}

#[inline(always)]
fn class(layout: Layout) -> Option<usize> {
    (layout.size() <= SMALL_MAX && layout.align() <= STEP).then(|| layout.size().div_ceil(STEP))
}

// SAFETY: places are as large and as aligned as their class says, and only one owner has each.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class(layout) else {
            // SAFETY: the caller's promise.
            return unsafe { System.alloc(layout) };
        };
        // SAFETY: nothing else uses it meanwhile; `class` is within bounds; a free place holds an address.
        unsafe {
            let head = (*self.0.get()).free.as_mut_ptr().add(class);
            let place = *head;
            if place.is_null() {
                return self.fresh(class * STEP);
            }
            *head = *place.cast::<*mut u8>();
            place
        }
    }

    #[inline]
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        let Some(class) = class(layout) else {
            // SAFETY: the caller's promise.
            return unsafe { System.dealloc(place, layout) };
        };
        // SAFETY: as above; nobody owns the place any more.
        unsafe {
            let head = (*self.0.get()).free.as_mut_ptr().add(class);
            *place.cast::<*mut u8>() = *head;
            *head = place;
        }
    }

    #[inline]
    unsafe fn realloc(&self, place: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller's promises, and what the other two say.
        unsafe {
            let to = Layout::from_size_align_unchecked(bytes, layout.align());
            match (class(layout), class(to)) {
                (None, None) => System.realloc(place, layout, bytes),
                (before, after) if before == after => place,
                _ => {
                    let moved = self.alloc(to);
                    if !moved.is_null() {
                        ptr::copy_nonoverlapping(place, moved, layout.size().min(bytes));
                        self.dealloc(place, layout);
                    }
                    moved
                }
            }
        }
    }
}
