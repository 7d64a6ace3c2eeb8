use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate, memfd_create};
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap, munmap};
use std::fs::File;
use std::io::{self, IoSlice, Read, Seek as _, SeekFrom, Write as _};
use std::ops::Deref;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::ptr::{self, NonNull};

/// What is read from a file at a time.
const CHUNK_BYTES: usize = 1 << 20;
/// Most slices that the system takes at once.
const SLICES_MAX: usize = 1_024;

/// With these a file stays what it is.
const SEALS: SealFlags = SealFlags::WRITE
    .union(SealFlags::GROW)
    .union(SealFlags::SHRINK)
    .union(SealFlags::SEAL);

/// Bytes in memory that nobody can change any more, not even this process: an anonymous file with every seal, mapped for reading.
pub(crate) struct Sealed {
    file: OwnedFd,
    view: View,
}

impl Sealed {
    /// Copies what is in `source`, which must not be empty.
    pub(crate) fn read(source: &mut impl Read) -> io::Result<Self> {
        Self::with(|file| {
            let mut chunk = vec![0; CHUNK_BYTES];
            let mut len = 0;
            loop {
                let count = source.read(&mut chunk)?;
                let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
                    return Ok(len);
                };
                // Zeros stay a hole.
                if read.iter().any(|byte| *byte != 0) {
                    file.seek(SeekFrom::Start(len))?;
                    file.write_all(read)?;
                }
                len += count as u64;
            }
        })
    }

    /// Takes a file that somebody else has sealed and that has `len` bytes. None: it is not of that length, or it can still be changed.
    pub(crate) fn adopt(file: OwnedFd, len: usize) -> Option<Self> {
        if !fcntl_get_seals(&file).ok()?.contains(SEALS) || usize::try_from(fstat(&file).ok()?.st_size).ok()? != len {
            return None;
        }
        let view = View::new(file.as_fd(), len).ok()?;
        Some(Self { file, view })
    }

    /// Copies `slices`, one after the other; there must be a byte in them.
    pub(crate) fn gather(slices: &[&[u8]]) -> io::Result<Self> {
        Self::with(|file| {
            let mut all: Vec<IoSlice<'_>> = slices.iter().map(|slice| IoSlice::new(slice)).collect();
            let mut rest = all.as_mut_slice();
            let mut len = 0_u64;
            while !rest.is_empty() {
                let now = rest.get(..SLICES_MAX).unwrap_or(rest);
                let count = file.write_vectored(now)?;
                if count == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                len += count as u64;
                IoSlice::advance_slices(&mut rest, count);
            }
            Ok(len)
        })
    }

    fn with(fill: impl FnOnce(&mut File) -> io::Result<u64>) -> io::Result<Self> {
        let mut file = File::from(memfd_create(c"selvedge", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
        let len = fill(&mut file)?;
        ftruncate(&file, len)?;
        fcntl_add_seals(&file, SEALS)?;
        let view = View::new(file.as_fd(), usize::try_from(len).map_err(io::Error::other)?)?;
        Ok(Self { file: file.into(), view })
    }

    /// For mapping it elsewhere.
    pub(crate) fn file(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Takes the page faults of reading it now.
    pub(crate) fn populate(&self) {
        // SAFETY: reading a mapping ahead changes nothing that can be seen.
        #[expect(unsafe_code, reason = "a system call on a mapping")]
        let done = unsafe { madvise(self.view.base.as_ptr().cast(), self.view.len, Advice::LinuxPopulateRead) };
        // Otherwise they are taken one by one.
        let _ = done;
    }
}

impl Deref for Sealed {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the mapping is readable and as long as it says until the view is dropped, and no one can write to a sealed file.
        #[expect(unsafe_code, reason = "a mapping is memory that the compiler does not know of")]
        unsafe {
            std::slice::from_raw_parts(self.view.base.as_ptr(), self.view.len)
        }
    }
}

/// A mapping for reading.
struct View {
    base: NonNull<u8>,
    len: usize,
}

// SAFETY: what it points to is only ever read.
#[expect(unsafe_code, reason = "a pointer to memory that nobody writes")]
unsafe impl Send for View {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "a pointer to memory that nobody writes")]
unsafe impl Sync for View {}

impl View {
    fn new(file: BorrowedFd<'_>, len: usize) -> io::Result<Self> {
        // Not shared: before Linux 6.7 a sealed file cannot be mapped so, not even for reading.
        //
        // SAFETY: the system chooses a place where nothing is.
        #[expect(unsafe_code, reason = "mapping memory")]
        let at = unsafe { mmap(ptr::null_mut(), len, ProtFlags::READ, MapFlags::PRIVATE, file, 0) }?;
        let base = NonNull::new(at.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { base, len })
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: `new` mapped exactly this, and whoever borrowed it borrowed this view.
        #[expect(unsafe_code, reason = "unmapping memory")]
        let done = unsafe { munmap(self.base.as_ptr().cast(), self.len) };
        debug_assert!(done.is_ok(), "{done:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_what_was_given_and_stays_so() {
        let a = vec![1; 5_000];
        let slices: Vec<&[u8]> = (0..3_000).map(|index| &a[..index % 7]).chain([a.as_slice()]).collect();
        let sealed = Sealed::gather(&slices).unwrap();
        assert!(*sealed == slices.concat());
        let again = Sealed::read(&mut &*slices.concat()).unwrap();
        assert!(*again == *sealed);
        assert_eq!(fcntl_get_seals(sealed.file()).unwrap(), SEALS);
        assert!(rustix::io::pwrite(sealed.file(), b"x", 0).is_err());
        assert!(ftruncate(sealed.file(), 1).is_err());
    }

    #[test]
    fn what_somebody_else_made_is_taken_only_if_it_stays_what_it_is() {
        let sealed = Sealed::gather(&[&[7; 5_000]]).unwrap();
        let again = |len| Sealed::adopt(sealed.file().try_clone_to_owned().unwrap(), len);
        assert!(*again(5_000).unwrap() == *sealed);
        assert!(again(4_999).is_none() && again(5_001).is_none());
        let open = memfd_create(c"open", MemfdFlags::ALLOW_SEALING).unwrap();
        ftruncate(&open, 10).unwrap();
        fcntl_add_seals(&open, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK).unwrap();
        assert!(Sealed::adopt(open, 10).is_none(), "seals that others can be added to");
        assert!(Sealed::adopt(tempfile::tempfile().unwrap().into(), 0).is_none(), "a file on a disk");
    }
}
