//! QuickJS with owners: realms, values, functions written here. A thrown exception stays with the engine until somebody takes it.

use rquickjs_sys as q;
use std::ffi::{CStr, c_int};
use std::ptr;

/// A JavaScript global object with everything that belongs to it. All realms here live as long as the instance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Realm(pub(crate) *mut q::JSContext);

/// A value that somebody holds.
pub(crate) struct Value {
    pub(crate) realm: Realm,
    pub(crate) raw: q::JSValue,
}

/// An exception is pending.
#[derive(Debug)]
pub(crate) struct Thrown;

pub(crate) type Outcome = Result<Value, Thrown>;

/// A function for scripts, with its name and number of parameters.
pub(crate) type Native = (&'static CStr, c_int, fn(Realm, Arguments<'_>) -> Outcome);

/// What a function was called with; beyond the last one everything is undefined.
#[derive(Clone, Copy)]
pub(crate) struct Arguments<'a>(&'a [q::JSValue]);

impl Arguments<'_> {
    pub(crate) fn raw(self, index: usize) -> q::JSValue {
        self.0.get(index).copied().unwrap_or(q::JS_UNDEFINED)
    }

    pub(crate) fn number(self, realm: Realm, index: usize) -> Result<f64, Thrown> {
        let mut number = 0.0;
        // SAFETY: converts a live value; one number is written.
        match unsafe { q::JS_ToFloat64(realm.0, &mut number, self.raw(index)) } {
            0 => Ok(number),
            _ => Err(Thrown),
        }
    }
}

impl Realm {
    /// A new one, with the whole language.
    pub(crate) fn new(runtime: *mut q::JSRuntime) -> Self {
        // SAFETY: the runtime is alive.
        let context = unsafe { q::JS_NewContext(runtime) };
        assert!(!context.is_null(), "no memory for a realm");
        // SAFETY: as above.
        unsafe { q::JS_AddIntrinsicDOMException(context) };
        Self(context)
    }

    pub(crate) fn own(self, raw: q::JSValue) -> Value {
        Value { realm: self, raw }
    }

    /// What the engine returned: a value, or the sign that something was thrown.
    pub(crate) fn outcome(self, raw: q::JSValue) -> Outcome {
        // SAFETY: looks at the tag only.
        if unsafe { q::JS_IsException(raw) } {
            Err(Thrown)
        } else {
            Ok(self.own(raw))
        }
    }

    pub(crate) fn undefined(self) -> Value {
        self.own(q::JS_UNDEFINED)
    }

    pub(crate) fn number(self, number: f64) -> Value {
        self.own(q::JS_NewFloat64(number))
    }

    pub(crate) fn string(self, text: &[u8]) -> Outcome {
        // SAFETY: the engine copies exactly these bytes.
        self.outcome(unsafe { q::JS_NewStringLen(self.0, text.as_ptr().cast(), text.len() as _) })
    }

    pub(crate) fn object(self) -> Outcome {
        // SAFETY: the realm is alive.
        self.outcome(unsafe { q::JS_NewObject(self.0) })
    }

    pub(crate) fn global(self) -> Value {
        // SAFETY: as above.
        self.own(unsafe { q::JS_GetGlobalObject(self.0) })
    }

    /// Takes the pending exception.
    pub(crate) fn take_thrown(self) -> Value {
        // SAFETY: as above.
        self.own(unsafe { q::JS_GetException(self.0) })
    }

    /// Compiles or runs `source`, which has to end with a zero byte.
    pub(crate) fn eval(self, source: &[u8], name: &CStr, flags: u32) -> Outcome {
        let Some((0, text)) = source.split_last() else {
            panic!("source without a zero at its end")
        };
        // SAFETY: the text is followed by a zero, as the parser wants it.
        self.outcome(unsafe { q::JS_Eval(self.0, source.as_ptr().cast(), text.len() as _, name.as_ptr(), flags as c_int) })
    }

    /// A function that calls `natives[index]`.
    pub(crate) fn function(self, natives: &'static [Native], index: usize) -> Value {
        let (name, length, _) = natives[index];
        // SAFETY: the engine hands back what it was given here: the index as magic, the table as data.
        unsafe {
            let table = q::JS_NewBigUint64(self.0, ptr::from_ref(natives.first().unwrap()) as u64);
            let mut data = [table];
            let function = q::JS_NewCFunctionData2(
                self.0,
                Some(trampoline),
                name.as_ptr(),
                length,
                index as c_int,
                1,
                data.as_mut_ptr(),
            );
            q::JS_FreeValue(self.0, table);
            self.own(function)
        }
    }
}

/// # Safety
/// Called by the engine for functions that [`Realm::function`] made.
unsafe extern "C" fn trampoline(
    context: *mut q::JSContext,
    _this: q::JSValue,
    argc: c_int,
    argv: *mut q::JSValue,
    magic: c_int,
    data: *mut q::JSValue,
) -> q::JSValue {
    let mut table = 0_i64;
    // SAFETY: the data is the number that `Realm::function` stored: the address of a table that lives for ever, longer than the index.
    let (call, arguments) = unsafe {
        q::JS_ToBigInt64(context, &mut table, *data);
        let native = (table as usize as *const Native).add(magic as usize);
        let arguments = if argc == 0 {
            &[][..]
        } else {
            std::slice::from_raw_parts(argv, argc as usize)
        };
        ((*native).2, arguments)
    };
    match call(Realm(context), Arguments(arguments)) {
        Ok(value) => value.into_raw(),
        Err(Thrown) => q::JS_EXCEPTION,
    }
}

impl Value {
    pub(crate) fn into_raw(self) -> q::JSValue {
        let raw = self.raw;
        std::mem::forget(self);
        raw
    }

    pub(crate) fn get(&self, name: &CStr) -> Outcome {
        // SAFETY: the value is alive.
        self.realm
            .outcome(unsafe { q::JS_GetPropertyStr(self.realm.0, self.raw, name.as_ptr()) })
    }

    pub(crate) fn set(&self, name: &CStr, value: Value) {
        // SAFETY: as above; the property owns the value from here on.
        unsafe { q::JS_SetPropertyStr(self.realm.0, self.raw, name.as_ptr(), value.into_raw()) };
    }

    pub(crate) fn delete(&self, name: &CStr) {
        // SAFETY: as above.
        unsafe {
            let name = q::JS_NewAtom(self.realm.0, name.as_ptr());
            q::JS_DeleteProperty(self.realm.0, self.raw, name, 0);
            q::JS_FreeAtom(self.realm.0, name);
        }
    }

    pub(crate) fn call(&self, arguments: &mut [q::JSValue]) -> Outcome {
        // SAFETY: function and arguments are alive.
        self.realm.outcome(unsafe {
            q::JS_Call(
                self.realm.0,
                self.raw,
                q::JS_UNDEFINED,
                arguments.len() as c_int,
                arguments.as_mut_ptr(),
            )
        })
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        // SAFETY: the value is alive.
        self.realm.own(unsafe { q::JS_DupValue(self.realm.0, self.raw) })
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        // SAFETY: this is the owner's one reference.
        unsafe { q::JS_FreeValue(self.realm.0, self.raw) }
    }
}

/// Calls `use_text` with the text of a value, in UTF-8; lone surrogates are encoded as if they were characters.
pub(crate) fn with_text<T>(realm: Realm, value: q::JSValue, use_text: impl FnOnce(&[u8]) -> T) -> Result<T, Thrown> {
    let mut len = 0_usize;
    // SAFETY: the bytes live until they are freed.
    unsafe {
        let text = q::JS_ToCStringLen(realm.0, &mut len, value);
        if text.is_null() {
            return Err(Thrown);
        }
        let result = use_text(std::slice::from_raw_parts(text.cast(), len));
        q::JS_FreeCString(realm.0, text);
        Ok(result)
    }
}
