//! File descriptors: 0 holds what the boot reads, 1 is standard output, 2 is where the guest's own runtime complains.
//! Python's `sys.stdout` and `sys.stderr` go through `emit` instead.

use super::errno::{BADF, Errno, SPIPE, answer};
use super::guest_memory::{buffers, parts, slice, slice_mut, write};
use super::{Host, WASI_MODULE};
use selvedge_protocol::EventKind;
use wasmtime::{Caller, Linker};

const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;

/// The type of all three: no terminal, or programs would colour what they write.
const UNKNOWN: u8 = 0;
const RIGHT_FD_READ: u64 = 1 << 1;
const RIGHT_FD_WRITE: u64 = 1 << 6;

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(
        WASI_MODULE,
        "fd_write",
        |mut caller: Caller<'_, Host>, fd: u32, list: u32, count: u32, written: u32| {
            answer(fd_write(&mut caller, fd, list, count, written))
        },
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_read",
        |mut caller: Caller<'_, Host>, fd: u32, list: u32, count: u32, read: u32| answer(fd_read(&mut caller, fd, list, count, read)),
    )?;
    linker.func_wrap(WASI_MODULE, "fd_fdstat_get", |mut caller: Caller<'_, Host>, fd: u32, at: u32| {
        answer(parts(&mut caller).and_then(|(memory, _)| {
            let rights = match fd {
                STDIN => RIGHT_FD_READ,
                STDOUT | STDERR => RIGHT_FD_WRITE,
                _ => return Err(BADF),
            };
            let mut stat = [0; 24];
            let [kind, _, _, _, _, _, _, _, base @ ..] = &mut stat;
            *kind = UNKNOWN;
            write(base, 0, rights.to_le_bytes())?;
            write(memory, at, stat)
        }))
    })?;
    linker.func_wrap(WASI_MODULE, "fd_filestat_get", |mut caller: Caller<'_, Host>, fd: u32, at: u32| {
        answer(parts(&mut caller).and_then(|(memory, _)| {
            open(fd)?;
            let mut stat = [0; 64];
            write(&mut stat, 16, [UNKNOWN])?;
            write(memory, at, stat)
        }))
    })?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_seek",
        |_: Caller<'_, Host>, fd: u32, _offset: i64, _whence: u32, _at: u32| answer(open(fd).and(Err(SPIPE))),
    )?;
    linker.func_wrap(WASI_MODULE, "fd_close", |_: Caller<'_, Host>, fd: u32| answer(open(fd)))?;
    linker.func_wrap(WASI_MODULE, "fd_sync", |_: Caller<'_, Host>, fd: u32| answer(open(fd)))?;
    linker.func_wrap(WASI_MODULE, "fd_fdstat_set_flags", |_: Caller<'_, Host>, fd: u32, _flags: u32| {
        answer(open(fd))
    })?;
    linker.func_wrap(WASI_MODULE, "fd_filestat_set_size", |_: Caller<'_, Host>, _fd: u32, _size: u64| {
        BADF
    })?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_readdir",
        |_: Caller<'_, Host>, _fd: u32, _at: u32, _len: u32, _cookie: u64, _used: u32| BADF,
    )?;
    // No directory was opened before the guest started.
    linker.func_wrap(WASI_MODULE, "fd_prestat_get", |_: Caller<'_, Host>, _fd: u32, _at: u32| BADF)?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_prestat_dir_name",
        |_: Caller<'_, Host>, _fd: u32, _at: u32, _len: u32| BADF,
    )?;
    Ok(())
}

fn open(fd: u32) -> Result<(), Errno> {
    if fd <= STDERR { Ok(()) } else { Err(BADF) }
}

fn fd_write(caller: &mut Caller<'_, Host>, fd: u32, list: u32, count: u32, written: u32) -> Result<(), Errno> {
    let (memory, host) = parts(caller)?;
    if fd != STDOUT && fd != STDERR {
        return Err(BADF);
    }
    let mut total = 0_u32;
    for (at, len) in buffers(memory, list, count)? {
        let bytes = slice(memory, at, len)?;
        let mut output = host.output();
        if fd == STDOUT {
            output.text(EventKind::Stdout, &String::from_utf8_lossy(bytes));
        } else {
            output.last_words(bytes);
        }
        total = total.saturating_add(len);
    }
    write(memory, written, total.to_le_bytes())
}

fn fd_read(caller: &mut Caller<'_, Host>, fd: u32, list: u32, count: u32, read: u32) -> Result<(), Errno> {
    let (memory, host) = parts(caller)?;
    if fd != STDIN {
        return Err(BADF);
    }
    let mut total = 0_u32;
    for (at, len) in buffers(memory, list, count)? {
        let place = slice_mut(memory, at, len)?;
        let taken = place.len().min(host.stdin.len());
        for (to, from) in place.iter_mut().zip(host.stdin.drain(..taken)) {
            *to = from;
        }
        total = total.saturating_add(u32::try_from(taken).unwrap_or(u32::MAX));
    }
    write(memory, read, total.to_le_bytes())
}
