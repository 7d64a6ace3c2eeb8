//! The JavaScript guest: an interpreter behind four functions.
//!
//! * `wizer-initialize()` makes the engine and runs the scripts in `js/`. It runs once, when the image is built.
//! * `request(len) -> ptr` makes room for a request.
//! * `handle() -> status` takes the request apart and calls the scripts with its fields. 0: it was done; 1: the scripts themselves failed.
//! * `selvedge.emit(kind, ptr, len)`, imported, takes every output at the moment it is made.
//!
//! A request is a sequence of fields, each a little-endian `u32` length and that many bytes of UTF-8, as for the Python guest.

mod guest;
mod host;
mod interrupt;
mod js;
mod memory;
mod native;
mod random;
mod rejections;
mod scope;

use guest::Guest;
use std::cell::Cell;

unsafe extern "C" {
    /// Made by the linker. When nobody calls it, every export does, each time.
    fn __wasm_call_ctors();
}

thread_local! {
    static REQUEST: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Boots the engine.
#[unsafe(export_name = "wizer-initialize")]
pub extern "C" fn initialize() {
    // SAFETY: once, before anything else.
    unsafe { __wasm_call_ctors() };
    // The engine's host looks for this when an instance ends by itself.
    std::panic::set_hook(Box::new(|panic| host::complain(&format!("thread 'main' {panic}\n"))));
    Guest::boot();
}

/// Makes room for a request of `len` bytes and says where.
#[unsafe(no_mangle)]
pub extern "C" fn request(len: usize) -> *mut u8 {
    let mut buffer = REQUEST.take();
    buffer.resize(len, 0);
    let at = buffer.as_mut_ptr();
    REQUEST.set(buffer);
    at
}

/// Does what the request says.
#[unsafe(no_mangle)]
pub extern "C" fn handle() -> i32 {
    let request = REQUEST.take();
    let mut fields = fields(&request);
    let done = match fields.next() {
        Some(b"renew") => {
            random::renew(fields.next() == Some(b"1"));
            Ok(())
        }
        Some(operation) => Guest::get().handle(std::iter::once(operation).chain(fields)),
        None => Ok(()),
    };
    i32::from(done.is_err())
}

/// Splits a request; anything malformed ends it.
fn fields(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (len, after) = rest.split_first_chunk::<4>()?;
        let (field, after) = after.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        rest = after;
        Some(field)
    })
}

/// The image cannot be built: says why where the builder looks.
fn boot_failed(why: &str) -> ! {
    host::complain(why);
    panic!("the guest did not boot");
}
