use super::{
    FLAG_APPEND, RIGHT_READ, RIGHT_WRITE, RIGHTS, TYPE_DIRECTORY, TYPE_FILE, TYPE_UNKNOWN, charge, fdstat, filestat, now, rights,
    with_files, words,
};
use crate::host::errno::{BADF, Errno, INVAL, SPIPE, answer, number};
use crate::host::guest_memory::{buffers, parts, slice, slice_mut, write};
use crate::host::stdio::{self, STDERR, STDIN};
use crate::host::{Host, WASI_MODULE};
use selvedge_files::{Entry, Whence};
use wasmtime::{Caller, Linker};

/// The root, which is there before anything is opened.
const ROOT: u32 = 3;
const ROOT_PATH: &[u8] = b"/";
const DIRENT_BYTES: usize = 24;

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(
        WASI_MODULE,
        "fd_read",
        |mut caller: Caller<'_, Host>, fd: u32, list: u32, count: u32, read: u32| answer(fd_read(&mut caller, fd, list, count, read)),
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_write",
        |mut caller: Caller<'_, Host>, fd: u32, list: u32, count: u32, written: u32| {
            answer(fd_write(&mut caller, fd, list, count, written))
        },
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_seek",
        |mut caller: Caller<'_, Host>, fd: u32, by: i64, whence: u32, to: u32| {
            answer(with_files(&mut caller, |memory, files, _| {
                if fd <= STDERR {
                    return Err(SPIPE);
                }
                let whence = match whence {
                    0 => Whence::Start,
                    1 => Whence::Current,
                    2 => Whence::End,
                    _ => return Err(INVAL),
                };
                let offset = files.seek(fd, by, whence).map_err(number)?;
                write(memory, to, offset.to_le_bytes())
            }))
        },
    )?;
    linker.func_wrap(WASI_MODULE, "fd_close", |mut caller: Caller<'_, Host>, fd: u32| {
        answer(with_files(&mut caller, |_, files, _| {
            // Closing a standard stream changes nothing: what a cell prints does not go through it.
            if fd <= STDERR { Ok(()) } else { files.close(fd).map_err(number) }
        }))
    })?;
    linker.func_wrap(WASI_MODULE, "fd_sync", |mut caller: Caller<'_, Host>, fd: u32| {
        answer(with_files(&mut caller, |_, files, _| {
            // What is kept is kept by the checkpoint after the cell.
            if fd <= STDERR {
                Ok(())
            } else {
                files.metadata(fd).map(drop).map_err(number)
            }
        }))
    })?;
    linker.func_wrap(WASI_MODULE, "fd_fdstat_get", |mut caller: Caller<'_, Host>, fd: u32, at: u32| {
        answer(with_files(&mut caller, |memory, files, _| {
            let stat = match fd {
                // No terminal, or programs would colour what they write.
                STDIN => fdstat(TYPE_UNKNOWN, 0, RIGHT_READ, 0),
                fd if fd <= STDERR => fdstat(TYPE_UNKNOWN, 0, RIGHT_WRITE, 0),
                fd => {
                    let opening = files.opening(fd).map_err(number)?;
                    let flags = if opening.append { FLAG_APPEND } else { 0 };
                    let kind = if opening.directory { TYPE_DIRECTORY } else { TYPE_FILE };
                    fdstat(kind, flags, rights(&opening), RIGHTS)
                }
            };
            write(memory, at, stat)
        }))
    })?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_fdstat_set_flags",
        |mut caller: Caller<'_, Host>, fd: u32, flags: u32| {
            answer(with_files(&mut caller, |_, files, _| {
                if fd <= STDERR {
                    return Ok(());
                }
                files.set_append(fd, flags & u32::from(FLAG_APPEND) != 0).map_err(number)
            }))
        },
    )?;
    linker.func_wrap(WASI_MODULE, "fd_filestat_get", |mut caller: Caller<'_, Host>, fd: u32, at: u32| {
        answer(with_files(&mut caller, |memory, files, _| {
            let stat = if fd <= STDERR {
                words([0, 0, u64::from(TYPE_UNKNOWN), 0, 0, 0, 0, 0])
            } else {
                filestat(&files.metadata(fd).map_err(number)?)
            };
            write(memory, at, stat)
        }))
    })?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_filestat_set_size",
        |mut caller: Caller<'_, Host>, fd: u32, size: u64| {
            answer(with_files(&mut caller, |_, files, now| {
                files.set_size(fd, size, now).map_err(number)
            }))
        },
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_readdir",
        |mut caller: Caller<'_, Host>, fd: u32, at: u32, len: u32, cookie: u64, used: u32| {
            answer(fd_readdir(&mut caller, fd, at, len, cookie, used))
        },
    )?;
    linker.func_wrap(WASI_MODULE, "fd_prestat_get", |mut caller: Caller<'_, Host>, fd: u32, at: u32| {
        answer(with_files(&mut caller, |memory, _, _| {
            if fd != ROOT {
                return Err(BADF);
            }
            // A directory, and the length of its name.
            write(memory, at, words::<1, 8>([(ROOT_PATH.len() as u64) << 32]))
        }))
    })?;
    linker.func_wrap(
        WASI_MODULE,
        "fd_prestat_dir_name",
        |mut caller: Caller<'_, Host>, fd: u32, at: u32, len: u32| {
            answer(with_files(&mut caller, |memory, _, _| {
                if fd != ROOT {
                    return Err(BADF);
                }
                let place = slice_mut(memory, at, len)?;
                place.get_mut(..ROOT_PATH.len()).ok_or(INVAL)?.copy_from_slice(ROOT_PATH);
                Ok(())
            }))
        },
    )?;
    Ok(())
}

fn fd_write(caller: &mut Caller<'_, Host>, fd: u32, list: u32, count: u32, written: u32) -> Result<(), Errno> {
    let (memory, host) = parts(caller)?;
    let now = now(&mut host.clock);
    let mut total = 0;
    for (at, len) in buffers(memory, list, count)? {
        let bytes = slice(memory, at, len)?;
        let taken = if fd <= STDERR {
            stdio::write(host, fd, bytes, total)?
        } else {
            match host.files.write(fd, bytes, now) {
                // What was written before stays written.
                Err(_) if total > 0 => break,
                taken => taken.map_err(number)?,
            }
        };
        total += taken;
        if taken < bytes.len() {
            break;
        }
    }
    write(memory, written, u32::try_from(total).unwrap_or(u32::MAX).to_le_bytes())?;
    charge(caller, total as u64);
    Ok(())
}

fn fd_read(caller: &mut Caller<'_, Host>, fd: u32, list: u32, count: u32, read: u32) -> Result<(), Errno> {
    let (memory, host) = parts(caller)?;
    let mut total = 0;
    for (at, len) in buffers(memory, list, count)? {
        let place = slice_mut(memory, at, len)?;
        let room = place.len();
        let taken = if fd <= STDERR {
            stdio::read(host, fd, place)?
        } else {
            host.files.read(fd, place).map_err(number)?
        };
        total += taken;
        if taken < room {
            break;
        }
    }
    write(memory, read, u32::try_from(total).unwrap_or(u32::MAX).to_le_bytes())?;
    charge(caller, total as u64);
    Ok(())
}

/// Fills the room with entries; the last one may be cut off, which tells the guest that there are more.
fn fd_readdir(caller: &mut Caller<'_, Host>, fd: u32, at: u32, len: u32, cookie: u64, used: u32) -> Result<(), Errno> {
    let (memory, host) = parts(caller)?;
    let place = slice_mut(memory, at, len)?;
    let mut filled = 0;
    for entry in host.files.entries(fd, cookie).map_err(number)? {
        let Some(rest) = place.get_mut(filled..).filter(|rest| !rest.is_empty()) else {
            break;
        };
        for (byte, place) in dirent(&entry).iter().chain(entry.name.as_bytes()).zip(rest) {
            *place = *byte;
            filled += 1;
        }
    }
    write(memory, used, u32::try_from(filled).unwrap_or(u32::MAX).to_le_bytes())?;
    charge(caller, filled as u64);
    Ok(())
}

/// `__wasi_dirent_t`
fn dirent(entry: &Entry<'_>) -> [u8; DIRENT_BYTES] {
    let kind = u64::from(if entry.is_directory { TYPE_DIRECTORY } else { TYPE_FILE });
    words([entry.next, entry.inode, entry.name.len() as u64 | kind << 32])
}
