//! Ending what runs because somebody asked for it: a byte that the host sets while the guest stands still, and that the engine looks at between
//! steps. What runs then ends with an error that it cannot catch.

use crate::js::{Realm, Thrown};
use rquickjs_sys as q;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

static FLAG: AtomicU8 = AtomicU8::new(0);

/// Where the host puts a 1 to end what runs.
#[unsafe(no_mangle)]
extern "C" fn interrupt() -> *const AtomicU8 {
    &raw const FLAG
}

/// Lets the engine look.
pub(crate) fn watch(runtime: *mut q::JSRuntime) {
    // SAFETY: the runtime is alive; the function lives for ever.
    unsafe { q::JS_SetInterruptHandler(runtime, Some(look), ptr::null_mut()) };
}

/// # Safety
/// Called by the engine.
unsafe extern "C" fn look(_: *mut q::JSRuntime, _: *mut c_void) -> c_int {
    c_int::from(FLAG.swap(0, Ordering::Relaxed) != 0)
}

/// For functions that wait: throws what the engine would throw soon.
pub(crate) fn check(realm: Realm) -> Result<(), Thrown> {
    if FLAG.swap(0, Ordering::Relaxed) == 0 {
        return Ok(());
    }
    // SAFETY: the realm is alive; the text ends with a zero and has no marks to fill in. The engine takes the error back.
    unsafe {
        q::JS_ThrowInternalError(realm.0, c"interrupted".as_ptr());
        let error = realm.take_thrown();
        q::JS_SetUncatchableError(realm.0, error.raw);
        q::JS_Throw(realm.0, error.into_raw());
    }
    Err(Thrown)
}

/// Whether `error` is that of an interrupt; it can be caught from here on.
pub(crate) fn is_interrupt(realm: Realm, error: q::JSValue) -> bool {
    // SAFETY: looks at a live value.
    unsafe {
        let is = q::JS_IsUncatchableError(error);
        q::JS_ClearUncatchableError(realm.0, error);
        is
    }
}
