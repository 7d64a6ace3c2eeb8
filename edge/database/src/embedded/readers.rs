//! Connections for reading, as many as reads have run at the same time.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use selvedge_ports::shapes::{ResultSet, SqlError, Statement};

use super::connection::Connection;
use super::failure::Failure;
use super::open;

pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Run all on one snapshot. None when one of them would write after all: then nothing has happened.
    pub(super) fn run(&self, statements: &[Statement]) -> Option<Result<Vec<ResultSet>, SqlError>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle.map_or_else(|| open::reading(&self.path), Ok) {
            Ok(connection) => connection,
            Err(failure) => return Some(Err(failure.into())),
        };
        match snapshot(&mut connection, statements) {
            Err(failure) if failure.is_refused_write() => None,
            answer => {
                // A connection that met a damaged file is not used again; the next reader looks afresh.
                if !matches!(&answer, Err(failure) if failure.ends_writing()) {
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
                }
                Some(answer.map_err(SqlError::from))
            }
        }
    }
}

fn snapshot(connection: &mut Connection, statements: &[Statement]) -> Result<Vec<ResultSet>, Failure> {
    if let [statement] = statements {
        return Ok(vec![connection.run(statement)?]);
    }
    connection.command("BEGIN")?;
    let answers = statements.iter().map(|statement| connection.run(statement)).collect();
    connection.command("COMMIT")?;
    answers
}
