//! What a host provides. All futures are `Send`, because the native host runs them on many threads; single-threaded hosts wrap theirs.

use async_trait::async_trait;

use crate::shapes::{ResultSet, SqlError, Statement, TimestampMs, Value};

/// Storage. Rules as in `wit/sql`.
#[async_trait]
pub trait Sql: Send + Sync {
    /// Run one statement.
    async fn query(&self, statement: Statement) -> Result<ResultSet, SqlError>;
    /// Run all in one transaction: all or nothing.
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError>;
}

/// Time.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Milliseconds since the Unix epoch, UTC.
    fn now(&self) -> TimestampMs;
    /// Wait at least this many milliseconds. Domains never wait; the edge does, between two looks at an event log.
    async fn sleep(&self, ms: u64);
}

/// Randomness fit for keys and tokens.
pub trait Entropy: Send + Sync {
    /// Fill the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// Configuration and secrets by name (`public-url`, `node-url`, `signing-key`).
pub trait Settings: Send + Sync {
    /// None when the operator gave none.
    fn get(&self, name: &str) -> Option<String>;
}

/// An outgoing request. Small bodies only: everything is held in memory.
#[derive(Clone, Debug, Default)]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Header names are lower-case.
    pub headers: Vec<(String, String)>,
    /// Empty for none.
    pub body: Vec<u8>,
}

/// The answer to an [`HttpRequest`].
#[derive(Clone, Debug, Default)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

/// The peer could not be reached, or answered with something that is not HTTP. The text is for logs.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct HttpError(pub String);

/// Outgoing HTTP, limited by the host to the addresses that it allows.
#[async_trait]
pub trait Http: Send + Sync {
    /// Send and wait for the whole answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError>;
}

/// Structured log. Lines carry ids and codes, never user data and never secrets.
pub trait Log: Send + Sync {
    /// Write one event: a name such as `request.failed` and its fields.
    fn event(&self, name: &str, fields: &[(&str, &str)]);
}

impl Statement {
    /// A statement with positional arguments.
    pub fn new(sql: &str, args: impl Into<Vec<Value>>) -> Self {
        Self {
            sql: sql.to_owned(),
            args: args.into(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value {
    /// Times, fuel and counters; all stay below 2⁶³ (saturating, so a wrong one is seen and not wrapped).
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Null, Into::into)
    }
}

/// A column did not hold what the query expects: the schema and the code disagree.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("column {0} of the result does not have the expected type")]
pub struct ColumnError(pub usize);

impl From<ColumnError> for crate::Error {
    fn from(error: ColumnError) -> Self {
        Self::internal("store.column", error.to_string())
    }
}

/// One row of a [`ResultSet`], read by position.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a [Value]);

impl ResultSet {
    /// The rows, readable by column position.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row(values))
    }

    /// The first row, when there is one.
    pub fn first(&self) -> Option<Row<'_>> {
        self.rows().next()
    }
}

impl Row<'_> {
    /// Text, required.
    pub fn text(&self, column: usize) -> Result<String, ColumnError> {
        self.opt_text(column)?.ok_or(ColumnError(column))
    }

    /// Text or NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, ColumnError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(ColumnError(column)),
        }
    }

    /// Bytes, required.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, ColumnError> {
        self.opt_blob(column)?.ok_or(ColumnError(column))
    }

    /// Bytes or NULL.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, ColumnError> {
        match self.0.get(column) {
            Some(Value::Blob(bytes)) => Ok(Some(bytes.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(ColumnError(column)),
        }
    }

    /// Integer, required.
    pub fn int(&self, column: usize) -> Result<i64, ColumnError> {
        self.opt_int(column)?.ok_or(ColumnError(column))
    }

    /// Integer or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(Value::Null) => Ok(None),
            _ => Err(ColumnError(column)),
        }
    }

    /// A count or time: an integer that is not negative, required.
    pub fn uint(&self, column: usize) -> Result<u64, ColumnError> {
        self.opt_uint(column)?.ok_or(ColumnError(column))
    }

    /// A count or time, or NULL.
    pub fn opt_uint(&self, column: usize) -> Result<Option<u64>, ColumnError> {
        self.opt_int(column)?
            .map(|number| u64::try_from(number).map_err(|_| ColumnError(column)))
            .transpose()
    }

    /// 0 or 1, required.
    pub fn flag(&self, column: usize) -> Result<bool, ColumnError> {
        Ok(self.int(column)? != 0)
    }
}
