//! Where sealed objects are: folders of names, each of which is written once.

use std::fmt;
use std::io;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// Something has this name: somebody else was here.
    #[error("somebody else has written this already")]
    Taken,
    /// The medium failed. Nothing is there under this name.
    #[error(transparent)]
    Failed(#[from] io::Error),
    /// The medium did not answer, and it cannot be found out whether it has written: whoever looks later knows.
    #[error("it is not known whether this was kept: {0}")]
    Unclear(#[source] io::Error),
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: String,
    /// Size of what has it.
    pub bytes: u64,
    /// False: it was never written to its end, so it is as if nothing had this name.
    pub whole: bool,
}

/// A medium: a folder on a disk ([`crate::Local`]), or a bucket of a store that speaks S3.
///
/// Everything that is put begins with the BLAKE3 of what follows, so that a medium can tell what was not written to its end. Calls block. Names
/// are made of letters, digits, `-`, `_` and `.`.
pub trait Objects: fmt::Debug + Send + Sync {
    /// Keep these bytes under a name that nothing has. On return they outlive a power cut. Of two who put the same name, exactly one succeeds.
    ///
    /// # Errors
    /// `Taken`, `Failed`.
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError>;

    /// What has this name.
    ///
    /// # Errors
    /// `NotFound`, and what the medium says.
    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>>;

    /// Its first bytes: `len`, or all that there are.
    ///
    /// # Errors
    /// `NotFound`, and what the medium says.
    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>>;

    /// Everything in a folder, in no order. A folder that is not there is empty.
    ///
    /// # Errors
    /// What the medium says.
    fn list(&self, folder: &str) -> io::Result<Vec<Listed>>;

    /// Remove a name; one that is not there is no error.
    ///
    /// # Errors
    /// What the medium says.
    fn delete(&self, folder: &str, name: &str) -> io::Result<()>;

    /// Whether others write to it as well: what was seen there may be old.
    fn is_shared(&self) -> bool;
}
