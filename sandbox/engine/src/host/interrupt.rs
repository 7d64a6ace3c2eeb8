//! Stopping what runs in a way that it notices: the guest has a byte in its memory that its interpreter looks at between two steps, and raises an
//! exception when it is set. It is set here, while the guest stands still in one of the host's functions.

use super::Host;
use super::guest_memory::parts;
use crate::cancel::CancelToken;
use std::future::pending;
use wasmtime::Caller;

/// A wish that the running cell ends, and where the guest looks for it.
#[derive(Clone)]
pub(crate) struct Interrupt {
    token: CancelToken,
    flag: u32,
    told: bool,
}

impl Interrupt {
    /// The guest is told at address `flag` when `token` is cancelled.
    pub(crate) fn new(token: CancelToken, flag: u32) -> Self {
        Self { token, flag, told: false }
    }

    /// Where the guest looks, when it was told. It may not have looked yet.
    pub(crate) fn told(&self) -> Option<u32> {
        self.told.then_some(self.flag)
    }
}

/// Tells the guest, once, if somebody wishes it.
pub(super) fn tell(caller: &mut Caller<'_, Host>) {
    let Some(interrupt) = &mut caller.data_mut().interrupt else {
        return;
    };
    if interrupt.told || !interrupt.token.is_cancelled() {
        return;
    }
    interrupt.told = true;
    let flag = interrupt.flag as usize;
    if let Ok((memory, _)) = parts(caller)
        && let Some(flag) = memory.get_mut(flag)
    {
        *flag = 1;
    }
}

/// Returns when the guest has to be told; never when it was told already: what it does then is its own affair.
pub(super) fn wished(host: &Host) -> impl Future<Output = ()> + Send + use<> {
    let interrupt = host.interrupt.clone().filter(|interrupt| !interrupt.told);
    async move {
        match interrupt {
            Some(interrupt) => interrupt.token.cancelled().await,
            None => pending().await,
        }
    }
}
