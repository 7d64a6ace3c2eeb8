use super::{FLAG_APPEND, RIGHT_READ, RIGHT_WRITE, filestat, path, with_files};
use crate::host::errno::{Errno, INVAL, answer, number};
use crate::host::guest_memory::write;
use crate::host::{Host, WASI_MODULE};
use selvedge_files::{Files, Opening, Refusal};
use wasmtime::{Caller, Linker};

const CREATE: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCLUSIVE: u32 = 4;
const TRUNCATE: u32 = 8;

const SET_ACCESSED: u32 = 1;
const SET_ACCESSED_NOW: u32 = 2;
const SET_MODIFIED: u32 = 4;
const SET_MODIFIED_NOW: u32 = 8;

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(
        WASI_MODULE,
        "path_open",
        |mut caller: Caller<'_, Host>, fd: u32, _lookup: u32, at: u32, len: u32, how: u32, rights: u64, _: u64, flags: u32, to: u32| {
            answer(with_files(&mut caller, |memory, files, now| {
                let how = opening(how, rights, flags);
                let opened = files.open(fd, path(memory, at, len)?, how, now).map_err(number)?;
                write(memory, to, opened.to_le_bytes())
            }))
        },
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "path_filestat_get",
        |mut caller: Caller<'_, Host>, fd: u32, _lookup: u32, at: u32, len: u32, to: u32| {
            answer(with_files(&mut caller, |memory, files, _| {
                let metadata = files.metadata_at(fd, path(memory, at, len)?).map_err(number)?;
                write(memory, to, filestat(&metadata))
            }))
        },
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "path_filestat_set_times",
        |mut caller: Caller<'_, Host>, fd: u32, _lookup: u32, at: u32, len: u32, accessed: u64, modified: u64, set: u32| {
            answer(with_files(&mut caller, |memory, files, now| {
                let accessed = time(set & SET_ACCESSED != 0, set & SET_ACCESSED_NOW != 0, accessed, now)?;
                let modified = time(set & SET_MODIFIED != 0, set & SET_MODIFIED_NOW != 0, modified, now)?;
                files.set_times(fd, path(memory, at, len)?, accessed, modified, now).map_err(number)
            }))
        },
    )?;
    type Change = fn(&mut Files, u32, &[u8], u64) -> Result<(), Refusal>;
    let changes: [(&str, Change); 3] = [
        ("path_create_directory", Files::create_directory),
        ("path_remove_directory", Files::remove_directory),
        ("path_unlink_file", Files::remove_file),
    ];
    for (name, change) in changes {
        linker.func_wrap(
            WASI_MODULE,
            name,
            move |mut caller: Caller<'_, Host>, fd: u32, at: u32, len: u32| {
                answer(with_files(&mut caller, |memory, files, now| {
                    change(files, fd, path(memory, at, len)?, now).map_err(number)
                }))
            },
        )?;
    }
    linker.func_wrap(
        WASI_MODULE,
        "path_rename",
        |mut caller: Caller<'_, Host>, fd: u32, at: u32, len: u32, new_fd: u32, new_at: u32, new_len: u32| {
            answer(with_files(&mut caller, |memory, files, now| {
                let old = path(memory, at, len)?;
                let new = path(memory, new_at, new_len)?;
                files.rename((fd, old), (new_fd, new), now).map_err(number)
            }))
        },
    )?;
    // There are no links: nothing is one, and none can be made. A program that asks is told as by a file system that has none.
    linker.func_wrap(
        WASI_MODULE,
        "path_readlink",
        |mut caller: Caller<'_, Host>, fd: u32, at: u32, len: u32, _to: u32, _room: u32, _used: u32| {
            answer(with_files(&mut caller, |memory, files, _| {
                files.read_link(fd, path(memory, at, len)?).map_err(number)
            }))
        },
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "path_link",
        |_: Caller<'_, Host>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| number(Refusal::NotPermitted),
    )?;
    Ok(())
}

fn opening(how: u32, rights: u64, flags: u32) -> Opening {
    Opening {
        create: how & CREATE != 0,
        exclusive: how & EXCLUSIVE != 0,
        truncate: how & TRUNCATE != 0,
        directory: how & DIRECTORY != 0,
        read: rights & RIGHT_READ != 0,
        write: rights & RIGHT_WRITE != 0,
        append: flags & u32::from(FLAG_APPEND) != 0,
    }
}

fn time(given: bool, is_now: bool, time: u64, now: u64) -> Result<Option<u64>, Errno> {
    match (given, is_now) {
        (true, true) => Err(INVAL),
        (true, false) => Ok(Some(time)),
        (false, true) => Ok(Some(now)),
        (false, false) => Ok(None),
    }
}
