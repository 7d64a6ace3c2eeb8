//! The node's data folder, which one node has at a time.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::error::StartError;
use crate::journal::Journal;

/// The folder, held until this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Data {
    _lock: File,
}

impl Data {
    /// Make the folder if need be, take it, and open what is in it.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Journal), StartError> {
        let failed = |cause| StartError::Data {
            folder: folder.to_owned(),
            cause,
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join("lock"))
            .map_err(failed)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(StartError::Taken { folder: folder.to_owned() }),
            Err(error) => return Err(failed(io::Error::from(error))),
        }
        Ok((Self { _lock: lock }, Journal::open(folder).map_err(failed)?))
    }
}
