//! One connection with its prepared statements. libSQL's functions are `async` but never wait on a local file.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use selvedge_ports::shapes::{ResultSet, Statement, Value};

use super::failure::Failure;

/// How many prepared statements a connection keeps. The domains have about a hundred.
const STATEMENTS_KEPT: usize = 256;

pub(super) struct Connection {
    inner: libsql::Connection,
    prepared: HashMap<String, libsql::Statement>,
}

impl Connection {
    pub(super) fn new(inner: libsql::Connection) -> Self {
        Self {
            inner,
            prepared: HashMap::new(),
        }
    }

    /// Run one statement outside or inside of a transaction.
    pub(super) fn run(&mut self, statement: &Statement) -> Result<ResultSet, Failure> {
        if !self.prepared.contains_key(&statement.sql) {
            if self.prepared.len() >= STATEMENTS_KEPT {
                self.prepared.clear();
            }
            let prepared = at_once(self.inner.prepare(&statement.sql))?;
            self.prepared.insert(statement.sql.clone(), prepared);
        }
        let Some(prepared) = self.prepared.get(&statement.sql) else {
            return Err(Failure::invalid("the statement was not kept".to_owned()));
        };
        if prepared.parameter_count() != statement.args.len() {
            // SQLite would take NULL, or what the last caller bound.
            return Err(Failure::invalid(format!(
                "the statement has {} parameters and {} arguments: {}",
                prepared.parameter_count(),
                statement.args.len(),
                statement.sql
            )));
        }
        let changed = self.inner.total_changes();
        let answer = collect(prepared, &statement.args);
        prepared.reset();
        let mut answer = answer?;
        // What SQLite calls "changes" is kept from the last writing statement; only a new total says that this one wrote.
        if self.inner.total_changes() != changed {
            answer.rows_affected = self.inner.changes();
        }
        Ok(answer)
    }

    /// Run a statement without arguments whose answer does not matter.
    pub(super) fn command(&mut self, sql: &str) -> Result<(), Failure> {
        self.run(&Statement::new(sql, [])).map(|_| ())
    }

    /// False once a statement has begun a transaction; true again when it has ended, also when SQLite itself rolled it back.
    pub(super) fn is_autocommit(&self) -> bool {
        self.inner.is_autocommit()
    }

    /// Rows changed since the connection was opened.
    pub(super) fn total_changes(&self) -> u64 {
        self.inner.total_changes()
    }
}

fn collect(prepared: &libsql::Statement, args: &[Value]) -> Result<ResultSet, Failure> {
    let args = args.iter().map(to_libsql).collect::<Result<Vec<libsql::Value>, _>>()?;
    let mut found = at_once(prepared.query(args))?;
    let width = found.column_count();
    let columns = (0..width).map(|at| found.column_name(at).unwrap_or_default().to_owned()).collect();
    let mut rows = Vec::new();
    while let Some(row) = at_once(found.next())? {
        rows.push(
            (0..width)
                .map(|at| row.get_value(at).map(from_libsql))
                .collect::<Result<Vec<Value>, _>>()?,
        );
    }
    Ok(ResultSet {
        columns,
        rows,
        rows_affected: 0,
    })
}

/// Text with a NUL is refused: the libsql crate reads text back only up to its first NUL, and would lose the rest without a word.
fn to_libsql(value: &Value) -> Result<libsql::Value, Failure> {
    Ok(match value {
        Value::Text(text) if text.contains('\0') => return Err(Failure::invalid("text with a NUL character cannot be stored".to_owned())),
        Value::Null => libsql::Value::Null,
        Value::Integer(number) => libsql::Value::Integer(*number),
        Value::Real(number) => libsql::Value::Real(*number),
        Value::Text(text) => libsql::Value::Text(text.clone()),
        Value::Blob(bytes) => libsql::Value::Blob(bytes.clone()),
    })
}

fn from_libsql(value: libsql::Value) -> Value {
    match value {
        libsql::Value::Null => Value::Null,
        libsql::Value::Integer(number) => Value::Integer(number),
        libsql::Value::Real(number) => Value::Real(number),
        libsql::Value::Text(text) => Value::Text(text),
        libsql::Value::Blob(bytes) => Value::Blob(bytes),
    }
}

/// The result of a future that is ready when first asked.
pub(super) fn at_once<T>(future: impl Future<Output = libsql::Result<T>>) -> Result<T, Failure> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.map_err(Failure::from),
        Poll::Pending => Err(Failure::invalid("the local database made a caller wait".to_owned())),
    }
}
