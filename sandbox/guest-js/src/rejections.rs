//! Promises that were rejected and that nobody handles.

use crate::js::{Realm, Value};
use rquickjs_sys as q;
use std::cell::RefCell;
use std::ffi::c_void;

/// In the order in which they were rejected.
#[derive(Default)]
pub(crate) struct Rejections(RefCell<Vec<(Value, Value)>>);

impl Rejections {
    /// Lets the engine tell `self` about promises, from now on.
    pub(crate) fn watch(&'static self, runtime: *mut q::JSRuntime) {
        // SAFETY: `self` lives as long as the engine.
        unsafe { q::JS_SetHostPromiseRejectionTracker(runtime, Some(track), std::ptr::from_ref(self).cast_mut().cast()) }
    }

    /// Takes the first one: an object with its `reason`.
    pub(crate) fn take(&self) -> Option<Value> {
        let (_, reason) = std::mem::take(&mut *self.0.borrow_mut()).into_iter().next()?;
        let found = reason.realm.object().ok()?;
        found.set(c"reason", reason);
        Some(found)
    }

    /// Somebody handles this one after all.
    pub(crate) fn handled(&self, promise: q::JSValue) {
        // What is dropped may run nothing: a promise and its reason have no finalisers of scripts.
        self.0.borrow_mut().retain(|(rejected, _)| rejected.raw != promise);
    }
}

/// # Safety
/// Called by the engine with live values and the pointer that it was given.
unsafe extern "C" fn track(context: *mut q::JSContext, promise: q::JSValue, reason: q::JSValue, is_handled: bool, opaque: *mut c_void) {
    // SAFETY: see `Rejections::watch`.
    let rejections: &Rejections = unsafe { &*opaque.cast_const().cast() };
    if is_handled {
        return rejections.handled(promise);
    }
    let realm = Realm(context);
    // SAFETY: one more reference to each.
    let held = unsafe {
        (
            realm.own(q::JS_DupValue(context, promise)),
            realm.own(q::JS_DupValue(context, reason)),
        )
    };
    rejections.0.borrow_mut().push(held);
}
