use super::errno::{Errno, INVAL, SUCCESS, answer};
use super::guest_memory::{parts, read, slice, slice_mut, write};
use super::{Host, WASI_MODULE, interrupt};
use std::time::Duration;
use wasmtime::{Caller, Linker};

const SUBSCRIPTION_BYTES: u32 = 48;
const EVENT_BYTES: u32 = 32;
const CLOCK_SUBSCRIPTION: u8 = 0;
const ABSOLUTE: u16 = 1;
/// Nobody waits for more at once.
const SUBSCRIPTIONS_MAX: u32 = 64;

/// One thing that the guest waits for.
struct Wait {
    userdata: [u8; 8],
    kind: u8,
    /// Nanoseconds from now; 0 for reading and writing, which never block here.
    after: u64,
}

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap_async(
        WASI_MODULE,
        "poll_oneoff",
        |mut caller: Caller<'_, Host>, (list, events, count, ready): (u32, u32, u32, u32)| {
            Box::new(async move { answer(poll(&mut caller, list, events, count, ready).await) })
        },
    )?;
    Ok(())
}

async fn poll(caller: &mut Caller<'_, Host>, list: u32, events: u32, count: u32, ready: u32) -> Result<(), Errno> {
    if count == 0 || count > SUBSCRIPTIONS_MAX {
        return Err(INVAL);
    }
    let (memory, host) = parts(caller)?;
    let waits = (0..count)
        .map(|index| wait(memory, host, list, index))
        .collect::<Result<Vec<Wait>, Errno>>()?;
    let soonest = waits.iter().map(|wait| wait.after).min().unwrap_or(0);
    if soonest > 0 && !host.clock.skip(soonest) {
        let wished = interrupt::wished(caller.data());
        tokio::select! {
            () = tokio::time::sleep(Duration::from_nanos(soonest)) => {}
            () = wished => {}
        }
    }
    interrupt::tell(caller);
    let (memory, _) = parts(caller)?;
    let mut done = 0_u32;
    for wait in waits.iter().filter(|wait| wait.after <= soonest) {
        let event = slice_mut(memory, events.checked_add(done * EVENT_BYTES).ok_or(INVAL)?, EVENT_BYTES)?;
        event.fill(0);
        write(event, 0, wait.userdata)?;
        write(event, 8, u16::try_from(SUCCESS).unwrap_or_default().to_le_bytes())?;
        write(event, 10, [wait.kind])?;
        done += 1;
    }
    write(memory, ready, done.to_le_bytes())
}

fn wait(memory: &[u8], host: &mut Host, list: u32, index: u32) -> Result<Wait, Errno> {
    let entry = slice(
        memory,
        list.checked_add(index * SUBSCRIPTION_BYTES).ok_or(INVAL)?,
        SUBSCRIPTION_BYTES,
    )?;
    let userdata = read(entry, 0)?;
    let [kind] = read(entry, 8)?;
    let after = if kind == CLOCK_SUBSCRIPTION {
        let timeout = u64::from_le_bytes(read(entry, 24)?);
        if u16::from_le_bytes(read(entry, 40)?) & ABSOLUTE == 0 {
            timeout
        } else {
            let now = host.clock.read(u32::from_le_bytes(read(entry, 16)?)).ok_or(INVAL)?;
            timeout.saturating_sub(now)
        }
    } else {
        0
    };
    Ok(Wait { userdata, kind, after })
}
