//! Requests. Every pipeline ends with `close`, or the server would keep its stream until it expires.

use libsql_hrana::proto::{
    Batch, BatchCond, BatchStep, BatchStreamReq, CloseStreamReq, ExecuteStreamReq, PipelineReqBody, Stmt, StreamRequest, Value as Wire,
};
use selvedge_ports::shapes::{SqlError, Statement, Value};

use crate::is_read;

/// A pipeline of one statement.
pub(super) fn one(statement: Statement) -> Result<Vec<u8>, SqlError> {
    pipeline(StreamRequest::Execute(ExecuteStreamReq { stmt: to_wire(statement) }))
}

/// A pipeline of one transaction: step 0 begins it, each step runs when the one before it did, the last but one commits, the last rolls back
/// what was not committed. Writers begin `IMMEDIATE`, so that a transaction which has read does not find out at its first write that
/// somebody else was faster.
pub(super) fn transaction(statements: Vec<Statement>) -> Result<Vec<u8>, SqlError> {
    let begin = if statements.iter().all(is_read) {
        "BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    };
    let mut steps = vec![BatchStep {
        condition: None,
        stmt: Stmt::new(begin, false),
    }];
    for stmt in statements.into_iter().map(to_wire).chain([Stmt::new("COMMIT", false)]) {
        let before = step_number(steps.len())?.saturating_sub(1);
        steps.push(BatchStep {
            condition: Some(BatchCond::Ok { step: before }),
            stmt,
        });
    }
    let commit = step_number(steps.len())?.saturating_sub(1);
    let uncommitted = BatchCond::And(libsql_hrana::proto::BatchCondList {
        conds: vec![
            BatchCond::Ok { step: 0 },
            BatchCond::Not {
                cond: Box::new(BatchCond::Ok { step: commit }),
            },
        ],
    });
    steps.push(BatchStep {
        condition: Some(uncommitted),
        stmt: Stmt::new("ROLLBACK", false),
    });
    pipeline(StreamRequest::Batch(BatchStreamReq {
        batch: Batch {
            steps,
            replication_index: None,
        },
    }))
}

fn step_number(length: usize) -> Result<u32, SqlError> {
    u32::try_from(length).map_err(|_| SqlError::Invalid("more statements in one batch than the protocol can count".to_owned()))
}

fn pipeline(request: StreamRequest) -> Result<Vec<u8>, SqlError> {
    let body = PipelineReqBody {
        baton: None,
        requests: vec![request, StreamRequest::Close(CloseStreamReq {})],
    };
    serde_json::to_vec(&body).map_err(|error| SqlError::Invalid(format!("the statement cannot be written as JSON: {error}")))
}

fn to_wire(statement: Statement) -> Stmt {
    let mut stmt = Stmt::new(statement.sql, true);
    stmt.args = statement
        .args
        .into_iter()
        .map(|value| match value {
            Value::Null => Wire::Null,
            Value::Integer(value) => Wire::Integer { value },
            Value::Real(value) => Wire::Float { value },
            Value::Text(text) => Wire::Text { value: text.into() },
            Value::Blob(bytes) => Wire::Blob { value: bytes.into() },
        })
        .collect();
    stmt
}
