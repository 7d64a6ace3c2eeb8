//! The file functions of WASI preview 1 over a kernel's [`selvedge_files::Files`]. Descriptors 0 to 2 are the standard streams.

mod descriptors;
mod kept;
mod paths;

pub use kept::FilesLost;
pub(super) use kept::KeptFiles;

use super::errno::Errno;
use super::guest_memory::{parts, slice};
use super::{Clock, Host, Meter};
use selvedge_files::{Metadata, Opening};
use selvedge_protocol::limits::PATH_BYTES_MAX;
use wasmtime::{Caller, Linker};

const TYPE_UNKNOWN: u8 = 0;
const TYPE_DIRECTORY: u8 = 3;
const TYPE_FILE: u8 = 4;

const RIGHT_READ: u64 = 1 << 1;
const RIGHT_WRITE: u64 = 1 << 6;
/// Every right that there is; a guest's C library derives a file's own from its directory's.
const RIGHTS: u64 = (1 << 30) - 1;

const FLAG_APPEND: u16 = 1;

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    descriptors::link(linker)?;
    paths::link(linker)
}

/// Nanoseconds since 1970, as the guest's own clock says it.
fn now(clock: &mut Clock) -> u64 {
    clock.read(super::clock::REALTIME).unwrap_or(0)
}

/// The path at this address.
fn path(memory: &[u8], at: u32, len: u32) -> Result<&[u8], Errno> {
    // One byte more than there can be, so that what is too long is refused for that.
    let most = u32::try_from(PATH_BYTES_MAX + 1).unwrap_or(u32::MAX);
    slice(memory, at, len.min(most))
}

/// `__wasi_filestat_t`
fn filestat(metadata: &Metadata) -> [u8; 64] {
    let kind = u64::from(if metadata.is_directory { TYPE_DIRECTORY } else { TYPE_FILE });
    let device = 1_u64;
    words([
        device,
        metadata.inode,
        kind,
        metadata.links,
        metadata.size,
        metadata.accessed,
        metadata.modified,
        metadata.changed,
    ])
}

/// `__wasi_fdstat_t`
fn fdstat(kind: u8, flags: u16, rights: u64, inherited: u64) -> [u8; 24] {
    words([u64::from(kind) | u64::from(flags) << 16, rights, inherited])
}

fn words<const WORDS: usize, const BYTES: usize>(words: [u64; WORDS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
    bytes
}

fn rights(opening: &Opening) -> u64 {
    let mut rights = RIGHTS;
    if !opening.read {
        rights &= !RIGHT_READ;
    }
    if !opening.write {
        rights &= !RIGHT_WRITE;
    }
    rights
}

/// Moving bytes in and out of files costs what copying them in the guest's memory costs.
fn charge(caller: &mut Caller<'_, Host>, bytes: u64) {
    Meter::charge(caller, bytes);
}

/// What a call does to the files, with the memory that it may read before and write after.
fn with_files<T>(
    caller: &mut Caller<'_, Host>,
    call: impl FnOnce(&mut [u8], &mut selvedge_files::Files, u64) -> Result<T, Errno>,
) -> Result<T, Errno> {
    let (memory, host) = parts(caller)?;
    let now = now(&mut host.clock);
    call(memory, &mut host.files, now)
}
