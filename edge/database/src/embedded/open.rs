//! Opening the file, and saying what is wrong with it.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use libsql::OpenFlags;

use super::connection::{Connection, at_once};
use super::failure::Failure;

/// How long a writer waits for another process, such as a backup, to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a database file cannot be used. Nothing was changed in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is something else, or its first page is damaged.
    #[error(
        "{} is not a usable database ({why}). It was left as it is. Move it away together with {}-wal to start with an empty one, or put a backup in its place.",
        path.display(),
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// The file or its directory cannot be written.
    #[error("{} cannot be written ({source}). Check that the directory exists and that its owner and free space are right.", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Anything else, such as another process that holds the file.
    #[error("{} cannot be opened ({why}).", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
}

impl OpenError {
    /// For what the system or SQLite refused without a kind of its own.
    pub(super) fn unusable(path: &Path, why: impl ToString) -> Self {
        Self::Unusable {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }

    fn from_failure(path: &Path, failure: &Failure) -> Self {
        if failure.is_damage() {
            Self::Damaged {
                path: path.to_owned(),
                why: failure.to_string(),
            }
        } else {
            Self::unusable(path, failure)
        }
    }
}

/// Make the file when there is none, readable by its owner only: it holds keys. Also finds out early whether it can be written.
pub(super) fn create_private(path: &Path) -> Result<(), OpenError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map(|_| ())
        .map_err(|source| OpenError::Unwritable {
            path: path.to_owned(),
            source,
        })
}

/// The one connection that writes.
pub(super) fn writing(path: &Path) -> Result<Connection, OpenError> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|failure| OpenError::from_failure(path, &failure))?;
    // Reading the schema is what finds a file that is no database.
    for command in [
        "SELECT count(*) FROM sqlite_schema",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        "PRAGMA trusted_schema = OFF",
    ] {
        connection
            .command(command)
            .map_err(|failure| OpenError::from_failure(path, &failure))?;
    }
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reading(path: &Path) -> Result<Connection, Failure> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.command("PRAGMA trusted_schema = OFF")?;
    Ok(connection)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Failure> {
    let database = at_once(libsql::Builder::new_local(path).flags(flags).build())?;
    let inner = database.connect()?;
    inner.busy_timeout(BUSY_TIMEOUT)?;
    Ok(Connection::new(inner))
}
