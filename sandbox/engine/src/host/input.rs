//! Lines from whoever watches the cell.

use super::errno::Errno;
use super::guest_memory::{parts, slice, slice_mut};
use super::{EMIT_MODULE, Host, interrupt};
use crate::answers::{Answers, Line};
use std::time::Instant;
use wasmtime::{Caller, Linker};

/// Names of the functions, in [`EMIT_MODULE`].
pub const INPUT_FUNCTIONS: [&str; 2] = ["read_input", "take_input"];

/// What `read_input` answers when no line can come.
const NOBODY: i32 = -1;
/// Longest prompt that is passed on; the rest is cut.
const PROMPT_BYTES_MAX: usize = 4 << 10;

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let [read, take] = INPUT_FUNCTIONS;
    linker.func_wrap_async(
        EMIT_MODULE,
        read,
        |mut caller: Caller<'_, Host>, (at, len, secret): (u32, u32, u32)| {
            Box::new(async move { read_input(&mut caller, at, len, secret != 0).await.unwrap_or(NOBODY) })
        },
    )?;
    linker.func_wrap(EMIT_MODULE, take, |mut caller: Caller<'_, Host>, at: u32, len: u32| {
        // A guest that names memory it does not have loses the line, nothing else.
        let _ = take_input(&mut caller, at, len);
    })?;
    Ok(())
}

/// Asks, and waits for the answer. None: nobody is there or answers any more, or the guest named memory that it does not have.
async fn read_input(caller: &mut Caller<'_, Host>, at: u32, len: u32, secret: bool) -> Option<i32> {
    let (memory, host) = parts(caller).ok()?;
    let answers = host.answers.clone().filter(Answers::may_come)?;
    let prompt = String::from_utf8_lossy(slice(memory, at, len).ok()?);
    let prompt = prompt.get(..prompt.floor_char_boundary(PROMPT_BYTES_MAX))?;
    host.output().ask(prompt, secret);
    let wished = interrupt::wished(host);
    let line = tokio::select! {
        line = answers.next() => line,
        () = wished => None,
    };
    let took = line.as_ref().and_then(|line| line.took);
    caller.data().output().waiting.end(Instant::now(), took);
    interrupt::tell(caller);
    let Line { text, .. } = line?;
    let len = i32::try_from(text.len()).ok()?;
    caller.data_mut().line = text;
    Some(len)
}

fn take_input(caller: &mut Caller<'_, Host>, at: u32, len: u32) -> Result<(), Errno> {
    let line = std::mem::take(&mut caller.data_mut().line);
    let (memory, _) = parts(caller)?;
    let taken = line.as_bytes().get(..(len as usize).min(line.len())).unwrap_or_default();
    let place = slice_mut(memory, at, u32::try_from(taken.len()).unwrap_or(u32::MAX))?;
    place.copy_from_slice(taken);
    Ok(())
}
