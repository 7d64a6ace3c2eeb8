//! Named queries: each SQL text is written once, as a function, and can be listed so that a test prepares every one against the schema.

use crate::Sql;
use crate::shapes::{SqlError, Statement, Value};

/// One named query, as listed by a module's `QUERIES`.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// The function's name.
    pub name: &'static str,
    /// Its SQL.
    pub sql: &'static str,
    /// How many arguments it binds.
    pub arguments: usize,
}

/// Declares one function per query, and `QUERIES`, the list of them. Arguments are bound in order as `?1`, `?2`, …
///
/// ```
/// selvedge_ports::queries! {
///     /// The name of a thing.
///     name_of(id) = "SELECT name FROM things WHERE id = ?1";
/// }
/// assert_eq!(name_of("a").sql, QUERIES[0].sql);
/// ```
#[macro_export]
macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident($($argument:ident),* $(,)?) = $sql:expr;)*) => {
        $(
            $(#[$doc])*
            #[allow(clippy::too_many_arguments, reason = "one per column")]
            pub(crate) fn $name($($argument: impl Into<$crate::shapes::Value>),*) -> $crate::shapes::Statement {
                $crate::shapes::Statement::new($sql, [$($argument.into()),*])
            }
        )*

        /// Every query of this module.
        #[cfg_attr(not(test), allow(dead_code, reason = "read by the test that prepares them all"))]
        pub(crate) const QUERIES: &[$crate::query::Query] = &[$(
            $crate::query::Query { name: stringify!($name), sql: $sql, arguments: <[&str]>::len(&[$(stringify!($argument)),*]) }
        ),*];
    };
}

/// Does the database understand this query, with exactly these arguments?
pub async fn prepares(sql: &dyn Sql, query: &Query) -> Result<(), SqlError> {
    let nulls = vec![Value::Null; query.arguments];
    sql.query(Statement::new(&format!("EXPLAIN {}", query.sql), nulls))
        .await
        .map(|_| ())
}
