//! The system calls that running guests takes. Any other ends the process, and the node says so (SIGSYS).
//!
//! The filter checks the architecture, so calls of another one, whose numbers mean something else, end the process too; those of x32 have
//! numbers that are not on the list.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use libc::{
    CLONE_THREAD, F_ADD_SEALS, F_DUPFD_CLOEXEC, F_GET_SEALS, F_GETFD, F_GETFL, PR_SET_NAME, PROT_EXEC, SYS_brk, SYS_clock_gettime,
    SYS_clock_nanosleep, SYS_clone, SYS_clone3, SYS_close, SYS_exit, SYS_exit_group, SYS_fcntl, SYS_fstat, SYS_ftruncate, SYS_futex,
    SYS_getpid, SYS_getrandom, SYS_gettid, SYS_ioctl, SYS_madvise, SYS_memfd_create, SYS_mmap, SYS_mprotect, SYS_mremap, SYS_munmap,
    SYS_newfstatat, SYS_openat, SYS_prctl, SYS_prlimit64, SYS_read, SYS_restart_syscall, SYS_rseq, SYS_rt_sigaction, SYS_rt_sigprocmask,
    SYS_rt_sigreturn, SYS_sched_getaffinity, SYS_sched_yield, SYS_set_robust_list, SYS_sigaltstack, SYS_statx, SYS_tgkill, SYS_write,
    SYS_writev,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    apply_filter_all_threads,
};

/// `_IOWR('f', 16, struct pm_scan_arg)`: which pages of a memory were written.
const PAGEMAP_SCAN: u64 = 0xC060_6610;

/// Calls without conditions.
const FREELY: [i64; 28] = [
    // Streams, and files in memory that have no name.
    SYS_read,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_fstat,
    SYS_memfd_create,
    SYS_ftruncate,
    // Memory.
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    // Threads.
    SYS_futex,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_gettid,
    SYS_getpid,
    SYS_exit,
    SYS_exit_group,
    // Signals of its own: traps of guests are some.
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    // Time and chance.
    SYS_clock_gettime,
    SYS_clock_nanosleep,
    SYS_getrandom,
];

/// Answered as by a kernel that does not have them, because libraries then do without: the C library falls back from `clone3`, whose flags a
/// filter cannot see, to `clone`, and its allocator looks for a setting in /proc when it gives memory back.
const AS_IF_MISSING: [i64; 4] = [SYS_clone3, SYS_openat, SYS_statx, SYS_newfstatat];

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Put the filter up for this thread and all that it starts.
pub(super) fn allow_what_guests_take() -> Result<String, String> {
    let (missing, allowed) = programs().map_err(|error| error.to_string())?;
    // Of several filters the strictest answer counts, so this one turns a permission of the next into "no such call".
    apply_filter_all_threads(&missing)
        .and_then(|()| apply_filter_all_threads(&allowed))
        .map_err(|error| error.to_string())?;
    Ok("any call but those that running guests takes ends the process; no new code, no new processes".to_owned())
}

fn programs() -> Result<(BpfProgram, BpfProgram), seccompiler::Error> {
    let architecture = TargetArch::try_from(ARCH)?;
    let missing = SeccompFilter::new(
        AS_IF_MISSING.into_iter().map(freely).collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS.unsigned_abs()),
        architecture,
    )?;
    let allowed = SeccompFilter::new(allowed()?, SeccompAction::KillProcess, SeccompAction::Allow, architecture)?;
    Ok((missing.try_into()?, allowed.try_into()?))
}

fn allowed() -> Result<Rules, seccompiler::Error> {
    let mut rules: Rules = FREELY.into_iter().chain(AS_IF_MISSING).map(freely).collect();
    let value = |value: i32| u64::from(value.unsigned_abs());
    // Memory that can be written can never be run.
    let no_code = || only(2, SeccompCmpOp::MaskedEq(value(PROT_EXEC)), 0);
    rules.insert(SYS_mmap, vec![no_code()?]);
    rules.insert(SYS_mprotect, vec![no_code()?]);
    rules.insert(
        SYS_clone,
        vec![only(0, SeccompCmpOp::MaskedEq(value(CLONE_THREAD)), value(CLONE_THREAD))?],
    );
    rules.insert(SYS_prctl, vec![only(0, SeccompCmpOp::Eq, value(PR_SET_NAME))?]);
    rules.insert(SYS_ioctl, vec![only(1, SeccompCmpOp::Eq, PAGEMAP_SCAN)?]);
    // Aborting is a signal to itself.
    rules.insert(SYS_tgkill, vec![only(0, SeccompCmpOp::Eq, u64::from(std::process::id()))?]);
    // Limits can be read.
    rules.insert(SYS_prlimit64, vec![whole(2, 0)?]);
    let commands = [F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_ADD_SEALS, F_GET_SEALS];
    let commands = commands.map(|command| only(1, SeccompCmpOp::Eq, value(command)));
    rules.insert(SYS_fcntl, commands.into_iter().collect::<Result<_, _>>()?);
    Ok(rules)
}

fn freely(call: i64) -> (i64, Vec<SeccompRule>) {
    (call, Vec::new())
}

/// When the low half of this argument is like that.
fn only(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, is, value)?])
}

/// When the whole of this argument is this.
fn whole(argument: u8, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(
        argument,
        SeccompCmpArgLen::Qword,
        SeccompCmpOp::Eq,
        value,
    )?])
}
