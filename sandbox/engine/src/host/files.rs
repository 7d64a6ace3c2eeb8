//! There are no files: every path is one that does not exist, under a directory that is not open.

use super::errno::NOENT;
use super::{Host, WASI_MODULE};
use wasmtime::{Caller, Linker};

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    for name in ["path_create_directory", "path_remove_directory", "path_unlink_file"] {
        linker.func_wrap(WASI_MODULE, name, |_: Caller<'_, Host>, _dir: u32, _path: u32, _len: u32| NOENT)?;
    }
    for name in ["path_readlink", "path_rename"] {
        linker.func_wrap(
            WASI_MODULE,
            name,
            |_: Caller<'_, Host>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NOENT,
        )?;
    }
    linker.func_wrap(
        WASI_MODULE,
        "path_filestat_get",
        |_: Caller<'_, Host>, _: u32, _: u32, _: u32, _: u32, _: u32| NOENT,
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "path_filestat_set_times",
        |_: Caller<'_, Host>, _: u32, _: u32, _: u32, _: u32, _: u64, _: u64, _: u32| NOENT,
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "path_link",
        |_: Caller<'_, Host>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NOENT,
    )?;
    linker.func_wrap(
        WASI_MODULE,
        "path_open",
        |_: Caller<'_, Host>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u64, _: u64, _: u32, _: u32| NOENT,
    )?;
    Ok(())
}
