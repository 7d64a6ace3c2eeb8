//! What a guest may still use. Its code counts by itself (`sandbox/image` made it so): a global of it holds what is left of a slice, and when a
//! turn of a loop finds that used up, it calls `tick` here.

use super::{EMIT_MODULE, Host, interrupt};
use std::future::poll_fn;
use std::task::Poll;
use wasmtime::{AsContextMut, Caller, Global, Linker, Trap, Val};

/// The function of [`EMIT_MODULE`] that a metered guest calls when its slice is used up. No guest imports it by itself.
pub const TICK_FUNCTION: &str = "tick";
/// The function of [`EMIT_MODULE`] by which a guest's loop says itself what it takes, an `i32` of units. A metered guest never calls it: the
/// builder writes what it does in its place.
pub const CHARGE_FUNCTION: &str = "charge";
/// The exported global, an `i64`, that holds what is left of the slice.
pub const FUEL_GLOBAL: &str = "selvedge_fuel";

/// A running guest gives way to others, and can be stopped, every so many units: somewhat less than a millisecond.
const SLICE: u64 = 2_000_000;

/// The fuel of one instance.
#[derive(Clone, Copy, Default)]
pub(crate) struct Meter {
    slice: Option<Global>,
    /// What the slice is not part of.
    reserve: u64,
}

impl Meter {
    /// Lets the guest whose global `slice` is use `fuel` from now on.
    pub(crate) fn fill(slice: Global, fuel: u64, mut store: impl AsContextMut<Data = Host>) -> wasmtime::Result<()> {
        let first = fuel.min(SLICE);
        store.as_context_mut().data_mut().meter = Self {
            slice: Some(slice),
            reserve: fuel - first,
        };
        slice.set(store, Val::I64(first.cast_signed()))
    }

    /// What is left.
    pub(crate) fn left(mut store: impl AsContextMut<Data = Host>) -> u64 {
        let Self { slice, reserve } = store.as_context_mut().data().meter;
        let rest = slice.and_then(|slice| slice.get(store).i64()).unwrap_or(0);
        reserve.saturating_add_signed(rest)
    }

    /// Takes away what the host did for the guest. The next turn of a loop notices.
    pub(crate) fn charge(mut store: impl AsContextMut<Data = Host>, units: u64) {
        // A guest that boots is not metered.
        let Some(slice) = store.as_context_mut().data().meter.slice else {
            return;
        };
        if let Some(rest) = slice.get(&mut store).i64() {
            // Setting a global that exists to its own type cannot fail.
            let _ = slice.set(store, Val::I64(rest.saturating_sub_unsigned(units)));
        }
    }

    /// The next slice, after what was used beyond the last one is paid for. None when there is nothing left.
    fn next(&mut self, overdrawn: u64) -> Option<u64> {
        let rest = self.reserve.checked_sub(overdrawn).filter(|rest| *rest > 0);
        let slice = rest.unwrap_or(0).min(SLICE);
        self.reserve = rest.unwrap_or(0) - slice;
        rest.map(|_| slice)
    }
}

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap_async(EMIT_MODULE, TICK_FUNCTION, |mut caller: Caller<'_, Host>, (): ()| {
        Box::new(async move {
            let Some(global) = caller.data().meter.slice else {
                return Err(Trap::OutOfFuel.into());
            };
            let overdrawn = global.get(&mut caller).i64().unwrap_or(0).min(0).unsigned_abs();
            let next = caller.data_mut().meter.next(overdrawn);
            global.set(&mut caller, Val::I64(next.unwrap_or(0).cast_signed()))?;
            if next.is_none() {
                return Err(Trap::OutOfFuel.into());
            }
            give_way().await;
            interrupt::tell(&mut caller);
            Ok(())
        })
    })?;
    linker.func_wrap(EMIT_MODULE, CHARGE_FUNCTION, |caller: Caller<'_, Host>, units: i32| {
        Meter::charge(caller, u64::from(units.cast_unsigned()));
    })?;
    Ok(())
}

/// Lets whoever polls look at other things once.
async fn give_way() {
    let mut gave = false;
    poll_fn(|context| {
        if std::mem::replace(&mut gave, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(reserve: u64) -> Meter {
        Meter { slice: None, reserve }
    }

    #[test]
    fn slices_add_up_to_the_fuel() {
        let mut meter = meter(SLICE * 2 + 5);
        assert_eq!(
            [meter.next(0), meter.next(0), meter.next(0), meter.next(0)],
            [Some(SLICE), Some(SLICE), Some(5), None]
        );
    }

    #[test]
    fn what_was_overdrawn_is_paid_first() {
        let mut first = meter(100);
        assert_eq!(first.next(30), Some(70));
        for overdrawn in [100, 101, u64::MAX] {
            let mut meter = meter(100);
            assert_eq!(meter.next(overdrawn), None);
            assert_eq!(meter.reserve, 0);
        }
    }
}
