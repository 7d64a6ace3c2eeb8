//! What Spin says about a failed statement, as an error of our port. Spin keeps SQLite's text and drops its code, so the text decides.

use crate::bindings::exports::selvedge::sql::sql_types::SqlError;
use crate::bindings::spin::sqlite::sqlite::Error;

/// Makes the error that a text stands for.
type Meaning = fn(String) -> SqlError;

/// Parts of texts, first match first, and what they mean.
const TEXTS: &[(&str, Meaning)] = &[
    ("constraint failed", SqlError::Constraint),
    ("database is locked", |_| SqlError::Busy),
    ("database table is locked", |_| SqlError::Busy),
    ("within a transaction", |_| SqlError::Busy),
    ("readonly database", SqlError::ReadOnly),
    ("disk I/O error", SqlError::ReadOnly),
    ("is full", SqlError::ReadOnly),
    ("no such table", SqlError::Invalid),
    ("no such column", SqlError::Invalid),
    ("syntax error", SqlError::Invalid),
    ("has no column", SqlError::Invalid),
    ("already exists", SqlError::Invalid),
    ("unable to open", SqlError::Unavailable),
    ("not a database", SqlError::Unavailable),
    ("malformed", SqlError::Unavailable),
    ("onnect", SqlError::Unavailable),
    ("http", SqlError::Unavailable),
    ("timed out", SqlError::Unavailable),
];

impl From<Error> for SqlError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoSuchDatabase => Self::Unavailable("Spin knows no database with the label `default`".to_owned()),
            Error::AccessDenied => Self::Unavailable("spin.toml does not give the component the database `default`".to_owned()),
            Error::InvalidConnection => Self::Unavailable("the connection is closed".to_owned()),
            Error::DatabaseFull => Self::ReadOnly("the database is full".to_owned()),
            // The text of RAISE(ABORT, …) in one of our triggers comes without any mark of its own.
            Error::Io(text) => match TEXTS.iter().find(|(part, _)| text.contains(part)) {
                Some((_, meaning)) => meaning(text),
                None => Self::Constraint(text),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_the_error_that_a_caller_can_act_on() {
        let of = |text: &str| SqlError::from(Error::Io(text.to_owned()));
        assert!(matches!(of("UNIQUE constraint failed: keys.id"), SqlError::Constraint(_)));
        assert!(matches!(of("ledger entries are never changed"), SqlError::Constraint(_)));
        assert!(matches!(of("database is locked"), SqlError::Busy));
        assert!(matches!(of("no such table: migrations"), SqlError::Invalid(_)));
        assert!(matches!(of("attempt to write a readonly database"), SqlError::ReadOnly(_)));
        assert!(matches!(of("error trying to connect: tcp connect error"), SqlError::Unavailable(_)));
    }
}
