//! Error numbers of WASI preview 1.

use selvedge_files::Refusal;

pub(super) type Errno = i32;

pub(super) const SUCCESS: Errno = 0;
pub(super) const BADF: Errno = 8;
pub(super) const FAULT: Errno = 21;
pub(super) const INVAL: Errno = 28;
pub(super) const SPIPE: Errno = 70;

/// The number of what the file system refuses.
pub(super) fn number(refusal: Refusal) -> Errno {
    match refusal {
        Refusal::BadDescriptor => BADF,
        Refusal::Busy => 10,
        Refusal::Exists => 20,
        Refusal::TooBig => 22,
        Refusal::NotText => 25,
        Refusal::Invalid => INVAL,
        Refusal::IsDirectory => 31,
        Refusal::TooManyOpen => 33,
        Refusal::NameTooLong => 37,
        Refusal::NotFound => 44,
        Refusal::NoSpace => 51,
        Refusal::NotDirectory => 54,
        Refusal::NotEmpty => 55,
        Refusal::NotPermitted => 63,
        Refusal::ReadOnly => 69,
    }
}

/// Makes of a call what the guest sees: 0, or an error number.
pub(super) fn answer(result: Result<(), Errno>) -> Errno {
    result.err().unwrap_or(SUCCESS)
}
