//! What the scripts in `js/` cannot do: the object `native` that they find while they are loaded.

use crate::guest::Guest;
use crate::host;
use crate::interrupt;
use crate::js::{Arguments, Native, Outcome, Realm, Thrown, with_text};
use crate::memory;
use crate::random;
use rquickjs_sys as q;
use std::borrow::Cow;
use std::ffi::{CString, c_int};
use std::ptr;

/// In both realms.
pub(crate) const NATIVES: &[Native] = &[
    (c"emit", 2, emit),
    (c"ask", 1, ask),
    (c"fill", 1, fill),
    (c"random", 0, random_number),
    (c"monotonic", 0, monotonic),
    (c"sleep", 1, sleep),
    (c"encode", 1, encode),
    (c"decode", 1, decode),
    (c"evaluate", 2, evaluate),
    (c"settle", 0, settle),
    (c"drain", 0, drain),
    (c"rejection", 0, rejection),
    (c"state", 1, state),
    (c"result", 1, result),
    (c"target", 1, target),
    (c"kind", 1, kind),
    (c"compile", 1, compile),
    (c"global", 0, global),
    (c"variables", 0, variables),
    (c"forget", 0, forget),
    (c"begin", 0, begin),
    (c"fail", 0, fail),
];

/// `emit(kind, text)`: text of standard output (1) or error (2), or JSON of a display (3), value (4) or error (5).
fn emit(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    let kind = arguments.number(realm, 0)?;
    with_text(realm, arguments.raw(1), |text| host::emit(kind as u32, &well_formed(text)))?;
    Ok(realm.undefined())
}

/// `ask(question)`: a line from whoever watches, or undefined when nobody does.
fn ask(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    let line = with_text(realm, arguments.raw(0), host::ask)?;
    interrupt::check(realm)?;
    match line {
        Some(line) => realm.string(line.trim_ascii_end()),
        None => Ok(realm.undefined()),
    }
}

/// `fill(bytes)`: puts randomness into a `Uint8Array`.
fn fill(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    host::randomness(bytes(realm, arguments)?);
    Ok(realm.undefined())
}

/// `random()`: what `Math.random` is.
fn random_number(realm: Realm, _: Arguments<'_>) -> Outcome {
    Ok(realm.number(random::next()))
}

/// `monotonic()`: milliseconds of a clock that never goes back.
fn monotonic(realm: Realm, _: Arguments<'_>) -> Outcome {
    Ok(realm.number(host::monotonic() as f64 / 1e6))
}

/// `sleep(milliseconds)`.
fn sleep(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    host::sleep((arguments.number(realm, 0)? * 1e6) as u64);
    interrupt::check(realm)?;
    Ok(realm.undefined())
}

/// `encode(text)`: a `Uint8Array` of UTF-8.
fn encode(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    with_text(realm, arguments.raw(0), |text| {
        let text = well_formed(text);
        // SAFETY: the engine copies exactly these bytes.
        realm.outcome(unsafe { q::JS_NewUint8ArrayCopy(realm.0, text.as_ptr(), text.len() as _) })
    })?
}

/// `decode(bytes)`: the text of UTF-8, or undefined when it is none; `decode(bytes, true)` replaces what is wrong.
fn decode(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    let bytes = bytes(realm, arguments)?;
    if arguments.raw(1) == q::JS_TRUE {
        return realm.string(String::from_utf8_lossy(bytes).as_bytes());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => realm.string(text.as_bytes()),
        Err(_) => Ok(realm.undefined()),
    }
}

/// `evaluate(label, code)`: starts a cell in the user's realm, and returns its promise.
fn evaluate(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    let guest = Guest::get();
    // C has no name with a zero in it.
    let label = with_text(realm, arguments.raw(0), |text| {
        CString::new(text.split(|byte| *byte == 0).next().unwrap_or_default()).unwrap_or_default()
    })?;
    let code = with_text(realm, arguments.raw(1), <[u8]>::to_vec)?;
    guest.scope.evaluate(&label, &code, |promise| guest.rejections.handled(promise.raw))
}

/// `settle()`: the cell is over.
fn settle(realm: Realm, _: Arguments<'_>) -> Outcome {
    Guest::get().scope.settle();
    Ok(realm.undefined())
}

/// `drain()`: does what promises wait for, until none does.
fn drain(realm: Realm, _: Arguments<'_>) -> Outcome {
    // SAFETY: the engine is alive. A job that throws has nobody to tell: promises turn exceptions into rejections.
    unsafe {
        let runtime = q::JS_GetRuntime(realm.0);
        let mut context = ptr::null_mut();
        loop {
            match q::JS_ExecutePendingJob(runtime, &mut context) {
                0 => return Ok(realm.undefined()),
                1.. => {}
                _ => return Err(Thrown),
            }
        }
    }
}

/// `rejection()`: takes the first promise that was rejected and that nobody handles, or undefined.
fn rejection(realm: Realm, _: Arguments<'_>) -> Outcome {
    Ok(Guest::get().rejections.take().unwrap_or_else(|| realm.undefined()))
}

/// `state(promise)`: 0 pending, 1 fulfilled, 2 rejected, -1 no promise.
fn state(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    // SAFETY: looks at a live value.
    Ok(realm.number(f64::from(unsafe { q::JS_PromiseState(realm.0, arguments.raw(0)) })))
}

/// `result(promise)`: value or reason.
fn result(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    // SAFETY: as above.
    realm.outcome(unsafe { q::JS_PromiseResult(realm.0, arguments.raw(0)) })
}

/// `target(proxy)`: what it stands before, without asking its traps.
fn target(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    // SAFETY: as above.
    realm.outcome(unsafe { q::JS_GetProxyTarget(realm.0, arguments.raw(0)) })
}

/// `kind(object)`: the name of the engine's class, which no script can change.
fn kind(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    // SAFETY: the class of a live object has a name, which is an atom with a reference of ours.
    unsafe {
        if !q::JS_IsObject(arguments.raw(0)) {
            return Ok(realm.undefined());
        }
        // The engine calls these what they stand before.
        if q::JS_IsProxy(arguments.raw(0)) {
            return realm.string(b"Proxy");
        }
        let name = q::JS_GetClassName(q::JS_GetRuntime(realm.0), q::JS_GetClassID(arguments.raw(0)));
        let text = q::JS_AtomToString(realm.0, name);
        q::JS_FreeAtom(realm.0, name);
        realm.outcome(text)
    }
}

/// `compile(code)`: undefined, or the error that says why it is no program.
fn compile(realm: Realm, arguments: Arguments<'_>) -> Outcome {
    let code = with_text(realm, arguments.raw(0), <[u8]>::to_vec)?;
    Ok(match Guest::get().scope.compile(c"cell", &code) {
        Ok(_) => realm.undefined(),
        Err(Thrown) => realm.take_thrown(),
    })
}

/// `global()`: the global object of cells.
fn global(_: Realm, _: Arguments<'_>) -> Outcome {
    Ok(Guest::get().scope.realm.global())
}

/// `variables()`: an object with what cells declared by `let`, `const` and `class`.
fn variables(realm: Realm, _: Arguments<'_>) -> Outcome {
    Guest::get().scope.list(realm)
}

/// `forget()`: removes what `variables` lists.
fn forget(realm: Realm, _: Arguments<'_>) -> Outcome {
    Guest::get().scope.forget();
    Ok(realm.undefined())
}

/// `begin()`: a cell begins.
fn begin(realm: Realm, _: Arguments<'_>) -> Outcome {
    memory::begin();
    Ok(realm.undefined())
}

/// `fail()`: makes room for telling why a cell failed; whether memory ran out in it.
fn fail(realm: Realm, _: Arguments<'_>) -> Outcome {
    Ok(realm.own(if memory::fail() { q::JS_TRUE } else { q::JS_FALSE }))
}

/// The engine's text as UTF-8: half of a pair of surrogates, which it encodes as if it were a character, becomes the replacement character.
fn well_formed(text: &[u8]) -> Cow<'_, [u8]> {
    let is_half = |at: &[u8]| matches!(at, [0xed, 0xa0..=0xbf, _]);
    if !text.windows(3).any(is_half) {
        return Cow::Borrowed(text);
    }
    let mut text = text.to_vec();
    for at in 0..text.len().saturating_sub(2) {
        if is_half(&text[at..at + 3]) {
            text[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    Cow::Owned(text)
}

fn bytes<'a>(realm: Realm, arguments: Arguments<'a>) -> Result<&'a mut [u8], Thrown> {
    let mut len = 0;
    // SAFETY: the array is an argument, so it lives as long as the call; nothing else runs meanwhile.
    unsafe {
        let at = q::JS_GetUint8Array(realm.0, &mut len, arguments.raw(0));
        if at.is_null() {
            return if len == 0 && q::JS_GetTypedArrayType(arguments.raw(0)) == q::JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8 as c_int {
                drop(realm.take_thrown());
                Ok(&mut [])
            } else {
                Err(Thrown)
            };
        }
        Ok(std::slice::from_raw_parts_mut(at, len as usize))
    }
}
