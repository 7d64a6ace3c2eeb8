//! Nothing that was open in the process that started this one stays open here, but for memory that all of its workers share.

use std::fs;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};

use rustix::fs::{SealFlags, fcntl_get_seals};
use rustix::io::{FdFlags, fcntl_setfd};

/// With these a file in memory can never be changed, whoever has it.
const SEALS: SealFlags = SealFlags::WRITE
    .union(SealFlags::GROW)
    .union(SealFlags::SHRINK)
    .union(SealFlags::SEAL);

/// Close everything but the three standard streams and those of `wanted` that are sealed files in memory, which are put into `kept`. Only for a
/// process that has opened nothing itself.
pub(super) fn close_inherited(wanted: &[RawFd], kept: &mut Vec<OwnedFd>) -> Result<String, String> {
    let open: Vec<RawFd> = fs::read_dir("/proc/self/fd")
        .map_err(|error| format!("/proc/self/fd: {error}"))?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > 2)
        .collect();
    for number in open {
        if wanted.contains(&number) && is_sealed(number) {
            // SAFETY: it is open, nothing in this process has opened it, and each is taken once.
            #[expect(unsafe_code, reason = "an inherited descriptor has no owner yet")]
            let file = unsafe { OwnedFd::from_raw_fd(number) };
            fcntl_setfd(&file, FdFlags::CLOEXEC).map_err(|error| error.to_string())?;
            kept.push(file);
            continue;
        }
        // SAFETY: nothing in this process has opened anything yet, so nobody relies on it. The one that listed the folder is closed already,
        // and closing it again fails.
        #[expect(unsafe_code, reason = "an inherited descriptor has no owner that could be dropped")]
        unsafe {
            rustix::io::close(number);
        }
    }
    Ok(match kept.len() {
        0 => "the three standard streams only".to_owned(),
        count => format!("the three standard streams, and {count} files in memory that nobody can change"),
    })
}

fn is_sealed(number: RawFd) -> bool {
    // SAFETY: it was open a moment ago, and there is one thread; if it is not, the answer is an error.
    #[expect(unsafe_code, reason = "an inherited descriptor has no owner yet")]
    let file = unsafe { BorrowedFd::borrow_raw(number) };
    fcntl_get_seals(file).is_ok_and(|seals| seals.contains(SEALS))
}
