//! The SQL port on libSQL: [`embedded`] in this process, and [`hrana`] over HTTP.

#[cfg(feature = "embedded")]
pub mod embedded;
pub mod hrana;

#[cfg(feature = "embedded")]
pub use embedded::{Embedded, OpenError};
pub use hrana::Hrana;

use selvedge_ports::shapes::Statement;

/// By its first word. `WITH` may begin a write too: who must know for certain looks at what the database says.
fn is_read(statement: &Statement) -> bool {
    let word = statement
        .sql
        .trim_start()
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    ["SELECT", "WITH", "EXPLAIN"].iter().any(|read| word.eq_ignore_ascii_case(read))
}
