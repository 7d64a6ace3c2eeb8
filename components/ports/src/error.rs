//! Constructors for the platform's one error record.

use crate::shapes::{Error, ErrorKind, SqlError};

impl Error {
    /// An error of the given kind. `code` is `<domain>.<what>`, `message` one sentence for a person.
    pub fn new(kind: ErrorKind, code: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.to_owned(),
            message: message.into(),
            field: None,
            retry_after_ms: None,
        }
    }

    /// The request is wrong at `field`.
    pub fn invalid(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(ErrorKind::Invalid, code, message)
        }
    }

    /// No such thing, or hidden.
    pub fn not_found(code: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, code, message)
    }

    /// A defect of ours; `message` must carry nothing of the caller's data.
    pub fn internal(code: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, code, message)
    }
}

impl From<SqlError> for Error {
    /// What the store says becomes what a caller can act on. Domains handle the constraints that they expect before this.
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Busy => Self {
                retry_after_ms: Some(200),
                ..Self::new(
                    ErrorKind::Unavailable,
                    "store.busy",
                    "The database is busy. Nothing was changed; try again.",
                )
            },
            SqlError::ReadOnly(why) => Self::new(
                ErrorKind::Unavailable,
                "store.read_only",
                format!("The database takes no writes: {why}. Nothing was changed."),
            ),
            SqlError::Unavailable(_) => Self {
                retry_after_ms: Some(1_000),
                ..Self::new(
                    ErrorKind::Unavailable,
                    "store.unavailable",
                    "The database cannot be reached. Try again.",
                )
            },
            SqlError::Constraint(text) => Self::internal("store.constraint", text),
            SqlError::Invalid(text) => Self::internal("store.invalid", text),
        }
    }
}
