use super::mappings::Taken;
use super::{GUARD_BYTES, Mappings, RESERVATION_BYTES, RESIDENT_BYTES, Sealed};
use crate::dirty::Scanner;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap, mmap_anonymous, mprotect, munmap};
use selvedge_checkpoint::PAGE_BYTES;
use std::io;
use std::ops::Range;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Guard, image, what is grown, what is not there yet.
const MAPPINGS: usize = 4;

/// Address space for one memory, with the image at its beginning. Offsets are in bytes from there, and multiples of a page.
///
/// It knows no size and hands out no references: the memory in it is its tenant's, who grows it and lends it.
pub(crate) struct Slot {
    base: NonNull<u8>,
    image: Arc<Sealed>,
    /// Something else than the image is mapped where the image belongs.
    overlaid: AtomicBool,
    _mappings: Taken,
}

// SAFETY: it only holds the address. Its methods change mappings where the caller shows that nobody else refers to them.
#[expect(unsafe_code, reason = "a pointer to memory that has one owner")]
unsafe impl Send for Slot {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "a pointer to memory that has one owner")]
unsafe impl Sync for Slot {}

impl Slot {
    pub(super) fn new(image: &Arc<Sealed>, mappings: &Mappings) -> io::Result<Self> {
        let taken = mappings.take(MAPPINGS).ok_or(io::ErrorKind::QuotaExceeded)?;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: the system chooses a place where nothing is.
        #[expect(unsafe_code, reason = "mapping memory")]
        let start = unsafe { mmap_anonymous(ptr::null_mut(), Self::SPAN, ProtFlags::empty(), flags) }?;
        let base = start.cast::<u8>().wrapping_add(GUARD_BYTES);
        let slot = Self {
            base: NonNull::new(base).ok_or(io::ErrorKind::OutOfMemory)?,
            image: Arc::clone(image),
            overlaid: AtomicBool::new(false),
            _mappings: taken,
        };
        slot.map(0..image.len(), Some((image, 0)))?;
        Ok(slot)
    }

    const SPAN: usize = GUARD_BYTES + RESERVATION_BYTES + GUARD_BYTES;

    /// Where the memory is.
    pub(crate) fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// What it begins with.
    pub(crate) fn image(&self) -> &Arc<Sealed> {
        &self.image
    }

    /// Makes `new`, which nobody could reach so far, readable and writable.
    pub(super) fn open(&self, new: Range<usize>) -> io::Result<()> {
        let at = self.at(&new)?;
        // SAFETY: the range lies in this slot's reservation, and nothing refers to memory without access.
        #[expect(unsafe_code, reason = "changing a mapping")]
        unsafe {
            mprotect(at.cast(), new.len(), MprotectFlags::READ | MprotectFlags::WRITE)?;
        }
        Ok(())
    }

    /// Maps `layer` from `offset` over `range` of `memory`, copy on write. After an error that range must not be read again.
    pub(super) fn put(&self, memory: &mut [u8], range: Range<usize>, layer: &Sealed, offset: usize) -> io::Result<()> {
        self.holds(memory, &range)?;
        self.overlaid.store(true, Ordering::Relaxed);
        self.map(range, Some((layer, offset)))
    }

    /// Maps what a new memory has over `range` of `memory`: the image, and zeros beyond it. After an error that range must not be read again.
    pub(super) fn restore(&self, memory: &mut [u8], range: Range<usize>) -> io::Result<()> {
        self.holds(memory, &range)?;
        let end = self.image.len();
        let (of_image, beyond) = (range.start..range.end.min(end), range.start.max(end)..range.end);
        if !of_image.is_empty() {
            self.map(of_image.clone(), Some((&self.image, of_image.start)))?;
        }
        if !beyond.is_empty() {
            self.map(beyond, None)?;
        }
        Ok(())
    }

    /// Makes a memory of `size` bytes, which nobody can reach any more, that of a new one.
    pub(super) fn renew(&self, size: usize, scanner: &Scanner) -> io::Result<()> {
        let image = 0..self.image.len();
        if size > image.end {
            let at = self.at(&(image.end..size))?;
            let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
            // SAFETY: the range lies in this slot's reservation; its memory has no owner any more.
            #[expect(unsafe_code, reason = "replacing a mapping")]
            unsafe {
                mmap_anonymous(at.cast(), size - image.end, ProtFlags::empty(), flags)?;
            }
        }
        if self.overlaid.load(Ordering::Relaxed) {
            self.map(image, Some((&self.image, 0)))?;
            self.overlaid.store(false, Ordering::Relaxed);
            return Ok(());
        }
        // SAFETY: the image is mapped here for reading and writing, and the memory has no owner any more.
        #[expect(unsafe_code, reason = "a mapping is memory that the compiler does not know of")]
        let memory = unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), image.end) };
        if scanner.reset(memory, &self.image, RESIDENT_BYTES) {
            return Ok(());
        }
        let at = self.at(&image)?;
        // SAFETY: the image is mapped here, and the memory has no owner any more. The pages stay readable and writable.
        #[expect(unsafe_code, reason = "giving pages back")]
        unsafe {
            madvise(at.cast(), image.end, Advice::LinuxDontNeed)?;
        }
        Ok(())
    }

    /// Copy on write from `source`, or zeros. Every caller holds the memory there alone.
    fn map(&self, range: Range<usize>, source: Option<(&Sealed, usize)>) -> io::Result<()> {
        let at = self.at(&range)?;
        let access = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
        // SAFETY: the range lies in this slot's reservation, and its memory is held by the caller alone.
        #[expect(unsafe_code, reason = "replacing a mapping")]
        unsafe {
            match source {
                Some((sealed, offset)) => mmap(at.cast(), range.len(), access, flags, sealed.file(), offset as u64)?,
                None => mmap_anonymous(at.cast(), range.len(), access, flags)?,
            }
        };
        Ok(())
    }

    /// Whether `memory` is the one in this slot and `range` lies in it.
    fn holds(&self, memory: &[u8], range: &Range<usize>) -> io::Result<()> {
        let held = ptr::eq(memory.as_ptr(), self.base.as_ptr()) && range.end <= memory.len();
        held.then_some(()).ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    fn at(&self, range: &Range<usize>) -> io::Result<*mut u8> {
        let whole = range.start.is_multiple_of(PAGE_BYTES) && range.end.is_multiple_of(PAGE_BYTES);
        if !whole || range.start >= range.end || range.end > RESERVATION_BYTES {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(self.base.as_ptr().wrapping_add(range.start))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let start = self.base.as_ptr().wrapping_sub(GUARD_BYTES);
        // SAFETY: `new` reserved exactly this; tenants hold the slot, so nobody refers to memory in it.
        #[expect(unsafe_code, reason = "unmapping memory")]
        let done = unsafe { munmap(start.cast(), Self::SPAN) };
        debug_assert!(done.is_ok(), "{done:?}");
    }
}
