//! Error numbers of WASI preview 1.

pub(super) type Errno = i32;

pub(super) const SUCCESS: Errno = 0;
pub(super) const BADF: Errno = 8;
pub(super) const FAULT: Errno = 21;
pub(super) const INVAL: Errno = 28;
pub(super) const NOENT: Errno = 44;
pub(super) const SPIPE: Errno = 70;

/// Makes of a call what the guest sees: 0, or an error number.
pub(super) fn answer(result: Result<(), Errno>) -> Errno {
    result.err().unwrap_or(SUCCESS)
}
