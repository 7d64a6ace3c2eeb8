use std::io;

/// Why there is no environment. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The archive is not one that a wheel can be.
    #[error("{wheel}: {reason}; nothing of it was installed. Take another version of the package, or leave it out")]
    Archive {
        /// The wheel's file name.
        wheel: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It needs code for a processor.
    #[error(
        "{package} comes as native code ({wheel}), and guests run none: every instruction of theirs is checked and counted. Take a package that is pure Python, or a version that has a wheel ending in `-none-any.whl`"
    )]
    Native {
        /// The package.
        package: String,
        /// The wheel's file name.
        wheel: String,
    },
    /// pip finds no pure-Python wheel.
    #[error(
        "no pure-Python wheel for what was asked ({0}). Packages of which there are only native wheels cannot be used here, because guests run no native code; take one that is pure Python, or another version"
    )]
    Unresolvable(String),
    /// The wheel is not the one that the lock names.
    #[error("{wheel} has SHA-256 {found}, the lock says {expected}; nothing of it was installed. Remove it from the cache and try again")]
    WrongHash {
        /// The wheel's file name.
        wheel: String,
        /// From the lock.
        expected: String,
        /// Of the file.
        found: String,
    },
    /// A line of the lock is none.
    #[error("line {line} of the lock is not `name==version --hash=sha256:…`: {text}")]
    Lock {
        /// Counted from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// Two packages want the same file.
    #[error("{0} comes from two packages with different contents; leave one of them out")]
    Twice(String),
    /// pip cannot be used.
    #[error("pip does not run ({0}); install Python 3 with pip, or give wheels that are in the cache already")]
    Pip(String),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}
