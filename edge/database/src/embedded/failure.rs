//! What a failed call means: SQLite's result code, read for the caller and for the writer.

use selvedge_ports::shapes::SqlError;

/// <https://www.sqlite.org/rescode.html>, primary codes.
mod code {
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const CONSTRAINT: i32 = 19;
    pub(super) const NOTADB: i32 = 26;
}

/// A call that failed, with the primary result code.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    code: i32,
    message: String,
}

impl Failure {
    /// A mistake of the caller that the database need not see.
    pub(super) fn invalid(message: String) -> Self {
        Self { code: 1, message }
    }

    /// The statement would write, and this connection only reads.
    pub(super) const fn is_refused_write(&self) -> bool {
        self.code == code::READONLY
    }

    /// Not a database, or not one any more.
    pub(super) const fn is_damage(&self) -> bool {
        matches!(self.code, code::CORRUPT | code::NOTADB)
    }

    /// The file did not take or give what it should: its state is unknown and nothing may be written to it any more.
    pub(super) const fn ends_writing(&self) -> bool {
        self.code == code::IOERR || self.is_damage()
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (SQLite code {})", self.message, self.code)
    }
}

impl From<libsql::Error> for Failure {
    fn from(error: libsql::Error) -> Self {
        match error {
            libsql::Error::SqliteFailure(code, message) => Self {
                code: code & 0xff,
                message,
            },
            other => Self::invalid(other.to_string()),
        }
    }
}

impl From<Failure> for SqlError {
    fn from(failure: Failure) -> Self {
        match failure.code {
            code::CONSTRAINT => Self::Constraint(failure.message),
            code::BUSY | code::LOCKED => Self::Busy,
            code::READONLY => Self::ReadOnly(failure.message),
            code::FULL => Self::ReadOnly("the disk is full".to_owned()),
            code::IOERR | code::CORRUPT | code::NOTADB | code::NOMEM | code::CANTOPEN => Self::Unavailable(failure.to_string()),
            _ => Self::Invalid(failure.message),
        }
    }
}
