//! The storage port on `spin:sqlite`. One connection per component instance, that is per request.

use std::cell::OnceCell;

use crate::Adapter;
use crate::bindings::exports::selvedge::sql::sql::Guest;
use crate::bindings::exports::selvedge::sql::sql_types::{ResultSet, SqlError, Statement, Value};
use crate::bindings::spin::sqlite::sqlite::{Connection, Value as SpinValue};

/// The label in `spin.toml`.
const DATABASE: &str = "default";

thread_local! {
    static CONNECTION: OnceCell<Connection> = const { OnceCell::new() };
}

impl Guest for Adapter {
    fn query(statement: Statement) -> Result<ResultSet, SqlError> {
        connected(|connection| run(connection, statement))
    }

    fn batch(statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError> {
        connected(|connection| {
            // IMMEDIATE: a transaction that reads first and writes later could otherwise fail half-way for a lock.
            connection.execute("BEGIN IMMEDIATE", &[])?;
            let ran = statements
                .into_iter()
                .map(|statement| run(connection, statement))
                .collect::<Result<Vec<_>, _>>();
            let ended = ran.and_then(|results| connection.execute("COMMIT", &[]).map(|_| results).map_err(SqlError::from));
            if ended.is_err() {
                // It fails when SQLite has rolled back by itself; the first error is the one that counts.
                let _ = connection.execute("ROLLBACK", &[]);
            }
            ended
        })
    }
}

fn connected<T>(work: impl FnOnce(&Connection) -> Result<T, SqlError>) -> Result<T, SqlError> {
    CONNECTION.with(|cell| match cell.get() {
        Some(connection) => work(connection),
        None => {
            let connection = Connection::open(DATABASE)?;
            connection.execute("PRAGMA foreign_keys = ON", &[])?;
            work(cell.get_or_init(|| connection))
        }
    })
}

fn run(connection: &Connection, statement: Statement) -> Result<ResultSet, SqlError> {
    let args: Vec<SpinValue> = statement.args.into_iter().map(to_spin).collect();
    let found = connection.execute(&statement.sql, &args)?;
    let rows_affected = if writes(&statement.sql) { connection.changes() } else { 0 };
    let rows = found
        .rows
        .into_iter()
        .map(|row| row.values.into_iter().map(from_spin).collect())
        .collect();
    Ok(ResultSet {
        columns: found.columns,
        rows,
        rows_affected,
    })
}

/// SQLite's counter keeps the count of the newest write, so it says nothing about a statement that only reads.
fn writes(sql: &str) -> bool {
    let first = sql.split_whitespace().next().unwrap_or_default();
    ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

fn to_spin(value: Value) -> SpinValue {
    match value {
        Value::Null => SpinValue::Null,
        Value::Integer(number) => SpinValue::Integer(number),
        Value::Real(number) => SpinValue::Real(number),
        Value::Text(text) => SpinValue::Text(text),
        Value::Blob(bytes) => SpinValue::Blob(bytes),
    }
}

fn from_spin(value: SpinValue) -> Value {
    match value {
        SpinValue::Null => Value::Null,
        SpinValue::Integer(number) => Value::Integer(number),
        SpinValue::Real(number) => Value::Real(number),
        SpinValue::Text(text) => Value::Text(text),
        SpinValue::Blob(bytes) => Value::Blob(bytes),
    }
}
