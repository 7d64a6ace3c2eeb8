//! The engine, its two realms, and the scripts in them.
//!
//! Users' code runs in one realm. What runs cells lives in another: whatever a cell does to `Array.prototype` or `JSON`, this side has its own.
//! What users call and get objects from (tables, encoders) is in theirs, so that `instanceof` says what they expect.

use crate::interrupt;
use crate::js::{Outcome, Realm, Thrown, Value};
use crate::memory;
use crate::native::NATIVES;
use crate::rejections::Rejections;
use crate::scope::Scope;
use rquickjs_sys as q;
use std::cell::{Cell, OnceCell};
use std::ffi::{CStr, CString};

/// Of the shadow stack, which `xtask` makes 8 MiB. What is left is for C code that recurses a little without asking.
const STACK_BYTES: usize = 4 << 20;
/// Name and text of each script, in the order of loading.
macro_rules! scripts {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../js/", $folder, "/", $name, ".js")))),*]
    };
}
const WEB: &[(&str, &str)] = scripts!("web": "rows" "table" "chart" "selvedge" "platform" "clone" "params" "host" "url");
const KERNEL: &[(&str, &str)] = scripts!("kernel": "inspect" "stdio" "console" "display" "errors" "timers" "cursor" "glimpse" "completion"
    "inspection" "variables" "asks" "cells" "warm");

/// Everything of the instance.
pub(crate) struct Guest {
    runtime: *mut q::JSRuntime,
    kernel: Realm,
    handle: OnceCell<Value>,
    pub(crate) scope: Scope,
    pub(crate) rejections: &'static Rejections,
}

thread_local! {
    static GUEST: Cell<Option<&'static Guest>> = const { Cell::new(None) };
}

impl Guest {
    /// Of this instance; it booted when the image was built.
    pub(crate) fn get() -> &'static Self {
        GUEST.get().expect("the guest has booted")
    }

    /// Boots.
    pub(crate) fn boot() {
        let runtime = memory::runtime();
        // SAFETY: the runtime is alive.
        unsafe { q::JS_SetMaxStackSize(runtime, STACK_BYTES as _) };
        interrupt::watch(runtime);
        let (user, kernel) = (Realm::new(runtime), Realm::new(runtime));
        let rejections: &'static Rejections = Box::leak(Box::default());
        rejections.watch(runtime);
        let scope = Scope::of(user);
        for realm in [user, kernel] {
            let native = realm.object().expect("an object");
            for (index, (name, ..)) in NATIVES.iter().enumerate() {
                native.set(name, realm.function(NATIVES, index));
            }
            realm.global().set(c"native", native);
        }
        kernel.global().set(c"user", user.global());
        load(user, WEB);
        let guest: &'static Self = Box::leak(Box::new(Self {
            runtime,
            kernel,
            handle: OnceCell::new(),
            scope,
            rejections,
        }));
        GUEST.set(Some(guest));
        load(kernel, KERNEL);
        let handle = kernel.global().get(c"handle").expect("the scripts leave `handle` behind");
        assert!(guest.handle.set(handle).is_ok(), "the guest boots once");
        for (realm, name) in [(user, c"native"), (kernel, c"native"), (kernel, c"user"), (kernel, c"handle")] {
            realm.global().delete(name);
        }
        // SAFETY: the runtime is alive. Users reach this realm's global object by way of its functions.
        unsafe {
            q::JS_FreezeObject(kernel.0, kernel.global().raw);
            q::JS_RunGC(runtime);
        }
    }

    /// Lets the scripts do what the fields say.
    pub(crate) fn handle<'a>(&self, fields: impl Iterator<Item = &'a [u8]>) -> Result<(), Thrown> {
        // SAFETY: the runtime is alive. The stack may begin elsewhere than when the image was built.
        unsafe { q::JS_UpdateStackTop(self.runtime) };
        let fields: Vec<Value> = fields.map(|field| self.kernel.string(field)).collect::<Result<_, Thrown>>()?;
        match self.call(&fields) {
            Ok(()) => Ok(()),
            Err(Thrown) => {
                let error = self.kernel.take_thrown();
                if !interrupt::is_interrupt(self.kernel, error.raw) {
                    return Err(Thrown);
                }
                // No script could catch it, not even those here.
                self.call(&[self.kernel.string(b"interrupted")?, error])
            }
        }
    }

    fn call(&self, fields: &[Value]) -> Result<(), Thrown> {
        let mut arguments: Vec<q::JSValue> = fields.iter().map(|field| field.raw).collect();
        self.handle.get().ok_or(Thrown)?.call(&mut arguments).map(drop)
    }
}

/// Runs scripts as modules, which find each other by name.
fn load(realm: Realm, scripts: &[(&str, &str)]) {
    for (name, text) in scripts {
        let name = CString::new(format!("selvedge/{name}")).expect("a name");
        let source = [text.as_bytes(), b"\0"].concat();
        if let Err(Thrown) = run(realm, &source, &name) {
            let thrown = realm.take_thrown();
            let told = crate::js::with_text(realm, thrown.raw, |text| String::from_utf8_lossy(text).into_owned());
            let stack = thrown
                .get(c"stack")
                .ok()
                .and_then(|stack| crate::js::with_text(realm, stack.raw, |text| String::from_utf8_lossy(text).into_owned()).ok());
            crate::boot_failed(&format!("{name:?}: {} {}", told.unwrap_or_default(), stack.unwrap_or_default()));
        }
    }
}

fn run(realm: Realm, source: &[u8], name: &CStr) -> Outcome {
    let promise = realm.eval(source, name, q::JS_EVAL_TYPE_MODULE)?;
    // SAFETY: the promise is alive.
    let (state, result) = unsafe {
        (
            q::JS_PromiseState(realm.0, promise.raw),
            realm.own(q::JS_PromiseResult(realm.0, promise.raw)),
        )
    };
    if state == q::JSPromiseStateEnum_JS_PROMISE_FULFILLED {
        return Ok(result);
    }
    // SAFETY: the engine takes the reason.
    unsafe { q::JS_Throw(realm.0, result.into_raw()) };
    Err(Thrown)
}
