use super::errno::Errno;
use super::guest_memory::{parts, slice};
use super::{EMIT_FUNCTION, EMIT_MODULE, Host};
use selvedge_protocol::EventKind;
use wasmtime::{Caller, Linker};

const STDOUT: u32 = 1;
const STDERR: u32 = 2;
const DISPLAY: u32 = 3;
const VALUE: u32 = 4;
const ERROR: u32 = 5;
const ANSWER: u32 = 6;
/// Replaces or removes what was shown before.
const CHANGE: u32 = 7;

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(
        EMIT_MODULE,
        EMIT_FUNCTION,
        |mut caller: Caller<'_, Host>, kind: u32, at: u32, len: u32| {
            // A guest that names memory it does not have loses the output, nothing else.
            let _ = emit(&mut caller, kind, at, len);
        },
    )?;
    Ok(())
}

fn emit(caller: &mut Caller<'_, Host>, kind: u32, at: u32, len: u32) -> Result<(), Errno> {
    let (memory, host) = parts(caller)?;
    let text = String::from_utf8_lossy(slice(memory, at, len)?);
    let mut output = host.output();
    match kind {
        STDOUT => output.text(EventKind::Stdout, &text),
        STDERR => output.text(EventKind::Stderr, &text),
        DISPLAY | CHANGE => output.bundle(EventKind::Display, &text),
        VALUE => output.bundle(EventKind::Value, &text),
        ERROR => output.error(&text),
        ANSWER => output.answer(&text),
        _ => {}
    }
    Ok(())
}
