//! Every system call there is.

use std::os::unix::process::ExitStatusExt;

use libtest_mimic::Failed;

use crate::send;

/// Numbers beyond the newest call of today's kernels.
const NUMBERS: i64 = 520;
/// Calls of the x32 interface have this in their number.
const X32: i64 = 0x4000_0000;

/// What may be called without ending the process (with arguments that are all zero): on the list, or answered as missing.
#[cfg(target_arch = "x86_64")]
const MAY: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_munmap,
    libc::SYS_brk,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_writev,
    libc::SYS_sched_yield,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_getpid,
    libc::SYS_exit,
    libc::SYS_ftruncate,
    libc::SYS_sigaltstack,
    libc::SYS_gettid,
    libc::SYS_futex,
    libc::SYS_sched_getaffinity,
    libc::SYS_restart_syscall,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_exit_group,
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_set_robust_list,
    libc::SYS_prlimit64,
    libc::SYS_getrandom,
    libc::SYS_memfd_create,
    libc::SYS_statx,
    libc::SYS_rseq,
    libc::SYS_clone3,
    // Two that a processor makes at a probe of the kernel's own; Linux lets no filter see them, and ends with SIGILL whoever else makes them.
    335,
    336,
];

/// Call it. Comes back when the filter and the kernel let it.
pub(crate) fn make(number: i64) {
    // SAFETY: no call with arguments that are all zero touches memory of this process, which ends right after it.
    #[expect(unsafe_code, reason = "calls that have no wrapper, on purpose")]
    unsafe {
        libc::syscall(number, 0_i64, 0_i64, 0_i64, 0_i64, 0_i64, 0_i64);
    }
}

/// On other architectures numbers differ; the deeds are tested there as well.
#[cfg(not(target_arch = "x86_64"))]
const MAY: &[i64] = &[];

pub(crate) fn not_on_the_list() -> Result<(), Failed> {
    if cfg!(not(target_arch = "x86_64")) {
        return Ok(());
    }
    let plain = (0..NUMBERS).filter(|number| !MAY.contains(number));
    let mut passed = Vec::new();
    for number in plain.chain([X32, X32 + 1, X32 + 57, X32 + 520]) {
        if send("whole", &number.to_string())?.status.signal() != Some(libc::SIGSYS) {
            passed.push(number);
        }
    }
    if passed.is_empty() {
        Ok(())
    } else {
        Err(format!("these calls did not end the process: {passed:?}").into())
    }
}
