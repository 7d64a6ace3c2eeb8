//! Answers. They are read from bytes only: the protocol's types borrow from the text.

use libsql_hrana::proto::{BatchResult, Error, PipelineRespBody, StmtResult, StreamResponse, StreamResult, Value as Wire};
use selvedge_ports::shapes::{ResultSet, SqlError, Value};

/// The result of a one-statement pipeline.
pub(super) fn one(body: &[u8]) -> Result<ResultSet, SqlError> {
    match first(body)? {
        StreamResponse::Execute(executed) => result_set(executed.result),
        _ => Err(odd("another kind of response")),
    }
}

/// The results of a transaction of `count` statements, or why it was rolled back.
pub(super) fn transaction(body: &[u8], count: usize) -> Result<Vec<ResultSet>, SqlError> {
    match first(body)? {
        StreamResponse::Batch(done) => committed(done.result, count),
        _ => Err(odd("another kind of response")),
    }
}

fn committed(result: BatchResult, count: usize) -> Result<Vec<ResultSet>, SqlError> {
    if let Some(error) = result.step_errors.into_iter().flatten().next() {
        return Err(meaning(&error));
    }
    // BEGIN, the statements, COMMIT; the ROLLBACK was skipped.
    let steps: Vec<StmtResult> = result.step_results.into_iter().flatten().collect();
    if steps.len() != count + 2 {
        return Err(odd("a transaction that neither failed nor committed"));
    }
    steps.into_iter().skip(1).take(count).map(result_set).collect()
}

fn first(body: &[u8]) -> Result<StreamResponse, SqlError> {
    let body: PipelineRespBody = serde_json::from_slice(body).map_err(|error| odd(&error.to_string()))?;
    match body.results.into_iter().next() {
        Some(StreamResult::Ok { response }) => Ok(response),
        Some(StreamResult::Error { error }) => Err(meaning(&error)),
        _ => Err(odd("no result")),
    }
}

fn odd(what: &str) -> SqlError {
    SqlError::Unavailable(format!("the database server's answer is not Hrana: {what}"))
}

/// Servers name SQLite's result codes.
fn meaning(error: &Error) -> SqlError {
    let text = error.message.strip_prefix("SQLite error: ").unwrap_or(&error.message).to_owned();
    match error.code.as_str() {
        code if code.starts_with("SQLITE_CONSTRAINT") => SqlError::Constraint(text),
        code if code.starts_with("SQLITE_BUSY") || code.starts_with("SQLITE_LOCKED") => SqlError::Busy,
        code if code.starts_with("SQLITE_READONLY") => SqlError::ReadOnly(text),
        "SQLITE_FULL" => SqlError::ReadOnly("the disk is full".to_owned()),
        // sqld calls SQLite's plain error, such as a missing table, unknown; what its own parser refuses begins with `SQL_`.
        "SQLITE_ERROR" | "SQLITE_UNKNOWN" | "SQLITE_MISMATCH" | "SQLITE_RANGE" | "SQLITE_TOOBIG" | "SQLITE_MISUSE" | "ARGS_INVALID" => {
            SqlError::Invalid(text)
        }
        code if code.starts_with("SQL_") => SqlError::Invalid(text),
        code => SqlError::Unavailable(format!("{text} ({code})")),
    }
}

fn result_set(result: StmtResult) -> Result<ResultSet, SqlError> {
    let rows = result
        .rows
        .into_iter()
        .map(|row| row.values.into_iter().map(value).collect())
        .collect::<Result<_, _>>()?;
    Ok(ResultSet {
        columns: result.cols.into_iter().map(|column| column.name.unwrap_or_default()).collect(),
        rows,
        rows_affected: result.affected_row_count,
    })
}

fn value(value: Wire) -> Result<Value, SqlError> {
    Ok(match value {
        Wire::Null => Value::Null,
        Wire::Integer { value } => Value::Integer(value),
        Wire::Float { value } => Value::Real(value),
        Wire::Text { value } => Value::Text(value.to_string()),
        Wire::Blob { value } => Value::Blob(value.to_vec()),
        Wire::None => return Err(odd("a value without a type")),
    })
}
