//! Evaluates cells in one global scope, as a notebook wants it: what one cell declares with `let`, `const` and `class` the next ones see, and
//! may declare again.
//!
//! QuickJS keeps such variables in an object of its own, beside the global object, and looks them up by name. A script begins with a check:
//! does it declare what is there already? Then it throws before anything else happened. So a cell is compiled once; when the check throws, the
//! variable in question is put aside and the cell is started again. Which of the two it was, the check or the cell itself, is told by a
//! declaration that is added at the cell's end: variables exist, without a value, from the moment on at which the check is over.
//!
//! A variable that never got its value, because the cell failed before that, is what it was before the cell.
//!
//! What `var` and `function` declare are properties of the global object that can never be deleted, which the check minds as well. Then
//! another global object takes its place, with the same properties, all of which can.

use crate::js::{Outcome, Realm, Thrown, Value, with_text};
use rquickjs_sys as q;
use std::cell::RefCell;
use std::ffi::{CStr, c_int};
use std::ptr;

/// The declaration at the end. The space keeps an incomplete cell incomplete: a newline would make `let` a name of its own after `if (x)`.
const CANARY: &CStr = c"$selvedge_end";
const CANARY_DECLARATION: &[u8] = b"\nlet $selvedge_end\0";
const COMPILE: u32 = q::JS_EVAL_TYPE_GLOBAL | q::JS_EVAL_FLAG_ASYNC | q::JS_EVAL_FLAG_COMPILE_ONLY;
const REDECLARATION: &str = "SyntaxError: redeclaration of '";
/// The engine cuts names in messages. One that is this long may go on.
const CUT_BYTES: usize = 60;
/// How properties that `var` and `function` declare differ from others: they can be written and not deleted.
const VARIABLE: c_int = (q::JS_PROP_WRITABLE | q::JS_PROP_CONFIGURABLE | q::JS_PROP_GETSET) as c_int;
const WRITABLE_ONLY: c_int = q::JS_PROP_WRITABLE as c_int;

/// The object with the variables of a realm.
pub(crate) struct Scope {
    pub(crate) realm: Realm,
    variables: Value,
    /// Where the engine keeps the global object of the realm.
    global: *mut q::JSValue,
    /// What the running cell declared again, with the flags of its property.
    aside: RefCell<Vec<(Atom, Value, c_int)>>,
}

impl Scope {
    /// Finds the object. The engine has no function for that; in its context it stands behind the global object, which it does name.
    /// That this is so is tried out, when the image is built.
    pub(crate) fn of(realm: Realm) -> Self {
        const CONTEXT_WORDS: usize = 64;
        let global = realm.global();
        realm
            .eval(b"let $selvedge_end = 42\0", c"scope", q::JS_EVAL_TYPE_GLOBAL)
            .expect("a declaration");
        let words: *mut q::JSValue = realm.0.cast();
        // SAFETY: a context is larger than that, and aligned for the values in it.
        let found = (0..CONTEXT_WORDS)
            .map(|index| unsafe { words.add(index) })
            .find(|word| unsafe { **word } == global.raw);
        let place = found.expect("the global object is in its context");
        // SAFETY: as above.
        let raw = unsafe { *place.add(1) };
        // SAFETY: only asks for the tag; behind it is an object, or else the next line ends the build of the image.
        assert!(unsafe { q::JS_IsObject(raw) }, "the variables follow the global object");
        // SAFETY: it is an object; this scope holds it as well.
        let variables = realm.own(unsafe { q::JS_DupValue(realm.0, raw) });
        let scope = Self {
            realm,
            variables,
            global: place,
            aside: RefCell::default(),
        };
        let seen = scope.variables.get(CANARY).expect("a variable");
        assert_eq!(seen.raw, q::JS_MKVAL(q::JS_TAG_INT, 42), "a variable is in its scope");
        scope.remove(CANARY);
        scope
    }

    /// The function that a cell is. Throws when it does not compile.
    pub(crate) fn compile(&self, label: &CStr, code: &[u8]) -> Outcome {
        self.realm.eval(&[code, b"\0"].concat(), label, COMPILE)
    }

    /// Starts a cell; returns the promise of `{value}`. Throws when it does not compile. [`Scope::settle`] has to follow.
    pub(crate) fn evaluate(&self, label: &CStr, code: &[u8], forget: impl Fn(&Value)) -> Outcome {
        let compiled = match self.realm.eval(&[code, CANARY_DECLARATION].concat(), label, COMPILE) {
            Ok(compiled) => compiled,
            Err(Thrown) => {
                // The place of the mistake must be one in the cell.
                drop(self.realm.take_thrown());
                self.compile(label, code)?
            }
        };
        loop {
            // SAFETY: the engine takes one reference to the function.
            let promise = self
                .realm
                .outcome(unsafe { q::JS_EvalFunction(self.realm.0, compiled.clone().into_raw()) })?;
            // SAFETY: promise and realm are alive. Whoever starts a cell looks at its end: it is never unhandled.
            let rejected = unsafe {
                q::JS_PromiseMarkAsHandled(self.realm.0, promise.raw);
                q::JS_PromiseState(self.realm.0, promise.raw) == q::JSPromiseStateEnum_JS_PROMISE_REJECTED
            };
            if !rejected || self.has_begun() || !self.make_way(&promise)? {
                return Ok(promise);
            }
            forget(&promise);
        }
    }

    /// After a cell, however it ended: variables that have no value are again what they were before.
    pub(crate) fn settle(&self) {
        let begun = self.has_begun();
        let came_to_its_end = begun && self.variables.get(CANARY).is_ok_and(|end| end.raw == q::JS_UNDEFINED);
        self.remove(CANARY);
        let aside = self.aside.take();
        if came_to_its_end {
            return;
        }
        let mut without_value = Vec::new();
        for name in names(&self.variables) {
            if self.value(name.0).raw == q::JS_UNINITIALIZED {
                self.delete(name.0);
                without_value.push(name.0);
            }
        }
        for (name, value, flags) in aside {
            // What the cell declared as a function or by `var` is not among the variables, and has its value.
            if !begun || without_value.contains(&name.0) {
                // SAFETY: the property takes the value.
                unsafe { q::JS_DefinePropertyValue(self.realm.0, self.variables.raw, name.0, value.into_raw(), flags) };
            }
        }
    }

    /// An object with the variables that have a value.
    pub(crate) fn list(&self, realm: Realm) -> Outcome {
        let listed = realm.object()?;
        for name in names(&self.variables) {
            let value = self.value(name.0);
            if value.raw != q::JS_UNINITIALIZED {
                // SAFETY: the new object takes the value.
                unsafe { q::JS_DefinePropertyValue(realm.0, listed.raw, name.0, value.into_raw(), q::JS_PROP_C_W_E as c_int) };
            }
        }
        Ok(listed)
    }

    /// Removes every variable.
    pub(crate) fn forget(&self) {
        for name in names(&self.variables) {
            self.delete(name.0);
        }
    }

    fn has_begun(&self) -> bool {
        let canary = self.atom(CANARY);
        self.has(canary.0)
    }

    /// Puts aside what the promise was rejected for; false when that is something else.
    fn make_way(&self, promise: &Value) -> Result<bool, Thrown> {
        let reason = self.realm.own(
            // SAFETY: the promise is alive.
            unsafe { q::JS_PromiseResult(self.realm.0, promise.raw) },
        );
        let message = with_text(self.realm, reason.raw, |text| String::from_utf8_lossy(text).into_owned())?;
        let Some(wanted) = message.strip_prefix(REDECLARATION).and_then(|rest| rest.strip_suffix('\'')) else {
            return Ok(false);
        };
        let is_wanted = |name: &Atom| {
            with_text(self.realm, self.name_value(name.0).raw, |text| {
                let text = String::from_utf8_lossy(text);
                text == wanted || (wanted.len() >= CUT_BYTES && text.starts_with(wanted.trim_end_matches('\u{fffd}')))
            })
            .unwrap_or(false)
        };
        let found = names(&self.variables).into_iter().find(is_wanted);
        if let Some(name) = found {
            let (value, flags) = property(&self.variables, name.0).ok_or(Thrown)?;
            self.delete(name.0);
            self.aside.borrow_mut().push((name, value, flags));
            return Ok(true);
        }
        let global = self.realm.global();
        let found = names(&global).into_iter().find(is_wanted);
        if found
            .and_then(|name| property(&global, name.0))
            .is_none_or(|(_, flags)| flags & VARIABLE != WRITABLE_ONLY)
        {
            return Ok(false);
        }
        self.replace_global(&global).map(|()| true)
    }

    /// Makes another global object, in which what cells declared can be deleted.
    fn replace_global(&self, before: &Value) -> Result<(), Thrown> {
        let realm = self.realm;
        // SAFETY: values and atoms are alive, and each that is stored has an owner of its own. The engine reads the place in its context
        // whenever it looks for a global variable.
        unsafe {
            let prototype = realm.own(q::JS_GetPrototype(realm.0, before.raw));
            let after = realm.outcome(q::JS_NewObjectProto(realm.0, prototype.raw))?;
            for name in names(before) {
                let mut found = std::mem::zeroed::<q::JSPropertyDescriptor>();
                if q::JS_GetOwnProperty(realm.0, &mut found, before.raw, name.0) != 1 {
                    return Err(Thrown);
                }
                let (value, getter, setter) = (realm.own(found.value), realm.own(found.getter), realm.own(found.setter));
                let is_variable = found.flags & VARIABLE == WRITABLE_ONLY;
                let configurable = if is_variable { q::JS_PROP_CONFIGURABLE as c_int } else { 0 };
                let kept = found.flags & (q::JS_PROP_C_W_E | q::JS_PROP_GETSET) as c_int | configurable;
                let has = if found.flags & q::JS_PROP_GETSET as c_int == 0 {
                    q::JS_PROP_HAS_VALUE | q::JS_PROP_HAS_WRITABLE
                } else {
                    q::JS_PROP_HAS_GET | q::JS_PROP_HAS_SET
                } | q::JS_PROP_HAS_CONFIGURABLE
                    | q::JS_PROP_HAS_ENUMERABLE;
                let value = if value.raw == before.raw { after.raw } else { value.raw };
                let flags = kept | has as c_int;
                if q::JS_DefineProperty(realm.0, after.raw, name.0, value, getter.raw, setter.raw, flags) < 0 {
                    return Err(Thrown);
                }
            }
            let old = std::mem::replace(&mut *self.global, after.into_raw());
            drop(realm.own(old));
        }
        Ok(())
    }

    fn atom(&self, name: &CStr) -> Atom {
        // SAFETY: the realm is alive.
        Atom(unsafe { q::JS_NewAtom(self.realm.0, name.as_ptr()) }, self.realm)
    }

    fn name_value(&self, name: q::JSAtom) -> Value {
        // SAFETY: the atom is alive.
        self.realm.own(unsafe { q::JS_AtomToString(self.realm.0, name) })
    }

    fn has(&self, name: q::JSAtom) -> bool {
        // SAFETY: asks without reading.
        unsafe { q::JS_HasProperty(self.realm.0, self.variables.raw, name) == 1 }
    }

    /// Of a variable, whether or not it has one yet.
    fn value(&self, name: q::JSAtom) -> Value {
        // SAFETY: looks at a property; no script runs.
        self.realm.own(unsafe { q::JS_GetProperty(self.realm.0, self.variables.raw, name) })
    }

    fn delete(&self, name: q::JSAtom) {
        // SAFETY: the atom is alive. Every variable can be deleted this way, though not by scripts.
        unsafe { q::JS_DeleteProperty(self.realm.0, self.variables.raw, name, 0) };
    }

    fn remove(&self, name: &CStr) {
        let name = self.atom(name);
        self.delete(name.0);
    }
}

/// Own properties with their atoms held.
fn names(object: &Value) -> Vec<Atom> {
    let (realm, mut list, mut count) = (object.realm, ptr::null_mut(), 0);
    // SAFETY: the engine makes a list of that length, whose atoms get an owner each.
    unsafe {
        let which = (q::JS_GPN_STRING_MASK | q::JS_GPN_SYMBOL_MASK) as c_int;
        if q::JS_GetOwnPropertyNames(realm.0, &mut list, &mut count, object.raw, which) != 0 {
            return Vec::new();
        }
        let names = (0..count as usize)
            .map(|index| Atom(q::JS_DupAtom(realm.0, (*list.add(index)).atom), realm))
            .collect();
        q::JS_FreePropertyEnum(realm.0, list, count);
        names
    }
}

/// Value and flags of an own property.
fn property(object: &Value, name: q::JSAtom) -> Option<(Value, c_int)> {
    let realm = object.realm;
    // SAFETY: the engine fills the descriptor when it answers 1; what is in it gets an owner.
    unsafe {
        let mut found = std::mem::zeroed::<q::JSPropertyDescriptor>();
        if q::JS_GetOwnProperty(realm.0, &mut found, object.raw, name) != 1 {
            return None;
        }
        drop((realm.own(found.getter), realm.own(found.setter)));
        Some((
            realm.own(found.value),
            found.flags & (q::JS_PROP_C_W_E | q::JS_PROP_GETSET) as c_int,
        ))
    }
}

struct Atom(q::JSAtom, Realm);

impl Drop for Atom {
    fn drop(&mut self) {
        // SAFETY: this is the owner's one reference.
        unsafe { q::JS_FreeAtom(self.1.0, self.0) }
    }
}
