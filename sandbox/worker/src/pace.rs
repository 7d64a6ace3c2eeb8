//! How soon a thread that was waiting gets a processor from one that computes.
//!
//! The system lets whoever runs go on for a slice, some milliseconds, before another one that has just been woken gets its turn: that is what a
//! short run beside a long one would wait for, several times. Threads of workers ask for the shortest slice there is. They get as much of the
//! processor as before, in smaller pieces when somebody else wants it.

use std::io;
use std::mem::size_of;

use rustix::process::getpriority_process;

/// The shortest that Linux gives (`sched(7)`).
const SLICE_NS: u64 = 100_000;

/// `struct sched_attr` in its first version.
#[repr(C)]
struct Attributes {
    size: u32,
    policy: u32,
    flags: u64,
    nice: i32,
    priority: u32,
    runtime: u64,
    deadline: u64,
    period: u64,
}

/// For this thread and those that it starts. Linux before 6.12 goes on as it did.
pub(crate) fn give_way_soon() -> io::Result<()> {
    let attributes = Attributes {
        size: u32::try_from(size_of::<Attributes>()).map_err(io::Error::other)?,
        // `SCHED_OTHER`
        policy: 0,
        flags: 0,
        nice: getpriority_process(None)?,
        priority: 0,
        runtime: SLICE_NS,
        deadline: 0,
        period: 0,
    };
    // SAFETY: the structure is laid out as the system reads it, and outlives the call; it concerns this thread only.
    #[expect(unsafe_code, reason = "a system call without a safe wrapper")]
    let done = unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
