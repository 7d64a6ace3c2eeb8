//! File descriptors: 0 holds what the boot reads, 1 is standard output, 2 is where the guest's own runtime complains.
//! Python's `sys.stdout` and `sys.stderr` go through `emit` instead.

use super::Host;
use super::errno::{BADF, Errno};
use selvedge_protocol::EventKind;

pub(super) const STDIN: u32 = 0;
const STDOUT: u32 = 1;
pub(super) const STDERR: u32 = 2;

/// Most that is taken at once; what is longer is written in several calls, between which the guest can be stopped.
const WRITE_BYTES_MAX: usize = 1 << 20;

/// How many of the bytes were taken, of a call that has taken `before` already.
pub(super) fn write(host: &Host, fd: u32, bytes: &[u8], before: usize) -> Result<usize, Errno> {
    let bytes = bytes.get(..WRITE_BYTES_MAX.saturating_sub(before)).unwrap_or(bytes);
    let mut output = host.output();
    match fd {
        STDOUT => output.text(EventKind::Stdout, &String::from_utf8_lossy(bytes)),
        STDERR => output.last_words(bytes),
        _ => return Err(BADF),
    }
    Ok(bytes.len())
}

/// How many bytes there were.
pub(super) fn read(host: &mut Host, fd: u32, place: &mut [u8]) -> Result<usize, Errno> {
    if fd != STDIN {
        return Err(BADF);
    }
    let taken = place.len().min(host.stdin.len());
    for (to, from) in place.iter_mut().zip(host.stdin.drain(..taken)) {
        *to = from;
    }
    Ok(taken)
}
