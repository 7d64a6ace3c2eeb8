/// Why a file operation was not done; nothing changed. Each is one of POSIX's error numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// ENOENT
    #[error("no such file or directory")]
    NotFound,
    /// EEXIST
    #[error("it is there already")]
    Exists,
    /// ENOTDIR
    #[error("not a directory")]
    NotDirectory,
    /// EISDIR
    #[error("a directory")]
    IsDirectory,
    /// ENOTEMPTY
    #[error("the directory is not empty")]
    NotEmpty,
    /// EROFS: everything below `/environment`.
    #[error("read-only")]
    ReadOnly,
    /// EBUSY: `/`, `/environment`.
    #[error("it cannot be moved or removed")]
    Busy,
    /// ENOSPC: bytes or number of files.
    #[error("no space left")]
    NoSpace,
    /// EFBIG
    #[error("the file would be too large")]
    TooBig,
    /// EMFILE
    #[error("too many open files")]
    TooManyOpen,
    /// ENAMETOOLONG: a name, a path, or too many directories inside each other.
    #[error("the name is too long")]
    NameTooLong,
    /// EBADF: not open, or not open for this.
    #[error("bad file descriptor")]
    BadDescriptor,
    /// EILSEQ: names are UTF-8.
    #[error("the name is not UTF-8")]
    NotText,
    /// EINVAL
    #[error("invalid argument")]
    Invalid,
    /// EPERM: there are no links.
    #[error("not supported here")]
    NotPermitted,
}
