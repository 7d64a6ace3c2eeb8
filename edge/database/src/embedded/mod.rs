//! A libSQL file in this process.
//!
//! Write-ahead log with `synchronous=FULL`: what was answered is on disk. One thread owns the one writing connection and commits what
//! waits together (one fsync for all); reads run where they are asked for, on connections of their own that cannot write.
//!
//! After a failed write to the file, above all a failed fsync, the kernel may have dropped what it was given and will not say so again.
//! So nothing is tried again: from then on every write is refused with [`SqlError::ReadOnly`], and reads go on. A new start reads the log
//! from disk and knows what is there. (A failed checkpoint is another matter: SQLite does it again from the log, which it keeps until then.)

mod connection;
mod failure;
mod open;
mod readers;
mod writer;

use std::path::Path;

use async_trait::async_trait;
use selvedge_ports::Sql;
use selvedge_ports::shapes::{ResultSet, SqlError, Statement};
use tokio::sync::watch;

use crate::is_read;

pub use open::OpenError;
use readers::Readers;
use writer::Writer;

/// An open database file. Dropping it waits for the writes under way and closes the file.
pub struct Embedded {
    // Dropped first: the last connection to close is then the one that may bring the log into the file.
    readers: Readers,
    writer: Writer,
}

impl Embedded {
    /// Open the file, which is made with mode 0600 when there is none.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        open::create_private(path)?;
        let connection = open::writing(path)?;
        Ok(Self {
            writer: Writer::start(connection).map_err(|error| OpenError::unusable(path, error))?,
            readers: Readers::new(path),
        })
    }

    /// Grows with every commit. An event stream waits on it instead of looking at intervals.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.writer.commits()
    }

    /// Why writes are refused, once they are.
    pub fn stopped(&self) -> Option<&str> {
        self.writer.stopped()
    }
}

#[async_trait]
impl Sql for Embedded {
    async fn query(&self, statement: Statement) -> Result<ResultSet, SqlError> {
        let results = self.batch(vec![statement]).await?;
        results
            .into_iter()
            .next()
            .ok_or_else(|| SqlError::Invalid("the statement gave no result".to_owned()))
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError> {
        if statements.iter().all(is_read)
            && let Some(answer) = self.readers.run(&statements)
        {
            return answer;
        }
        self.writer.run(statements).await
    }
}
