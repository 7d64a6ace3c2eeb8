//! The engine's allocator: that of the C library, which remembers when it had to refuse. The memory itself is bounded by the host.

use rquickjs_sys as q;
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

/// Kept for telling that memory has run out.
const BALLAST_BYTES: usize = 256 << 10;
/// How much the engine has before it looks for cycles that nobody needs; from then on when it has grown by half.
const COLLECT_BYTES: u32 = 8 << 20;

unsafe extern "C" {
    fn malloc(bytes: usize) -> *mut c_void;
    fn calloc(count: usize, bytes: usize) -> *mut c_void;
    fn realloc(at: *mut c_void, bytes: usize) -> *mut c_void;
    fn free(at: *mut c_void);
    fn malloc_usable_size(at: *mut c_void) -> usize;
}

thread_local! {
    static REFUSED: Cell<bool> = const { Cell::new(false) };
    static BALLAST: Cell<*mut c_void> = const { Cell::new(ptr::null_mut()) };
}

/// A runtime that allocates here.
pub(crate) fn runtime() -> *mut q::JSRuntime {
    let functions = q::JSMallocFunctions {
        js_calloc: Some(engine_calloc),
        js_malloc: Some(engine_malloc),
        js_free: Some(engine_free),
        js_realloc: Some(engine_realloc),
        js_malloc_usable_size: Some(engine_usable_size),
    };
    // SAFETY: the functions keep the promises of their namesakes.
    let runtime = unsafe { q::JS_NewRuntime2(&functions, ptr::null_mut()) };
    assert!(!runtime.is_null(), "no memory for the engine");
    // SAFETY: the runtime is alive.
    unsafe { q::JS_SetGCThreshold(runtime, COLLECT_BYTES as _) };
    runtime
}

/// A cell begins: takes memory that nothing uses.
pub(crate) fn begin() {
    REFUSED.set(false);
    if BALLAST.get().is_null() {
        // SAFETY: nobody reads or writes it.
        BALLAST.set(unsafe { malloc(BALLAST_BYTES) });
    }
}

/// A cell failed: gives that memory up. Whether there was not enough at some time since it began.
pub(crate) fn fail() -> bool {
    // SAFETY: the block is there until here, or null.
    unsafe { free(BALLAST.replace(ptr::null_mut())) };
    REFUSED.get()
}

fn noted(at: *mut c_void, bytes: usize) -> *mut c_void {
    if at.is_null() && bytes > 0 {
        REFUSED.set(true);
    }
    at
}

/// # Safety
/// As `malloc`.
unsafe extern "C" fn engine_malloc(_: *mut c_void, bytes: q::size_t) -> *mut c_void {
    // SAFETY: passed on.
    noted(unsafe { malloc(bytes as usize) }, bytes as usize)
}

/// # Safety
/// As `calloc`.
unsafe extern "C" fn engine_calloc(_: *mut c_void, count: q::size_t, bytes: q::size_t) -> *mut c_void {
    // SAFETY: passed on.
    noted(unsafe { calloc(count as usize, bytes as usize) }, bytes as usize)
}

/// # Safety
/// As `realloc`.
unsafe extern "C" fn engine_realloc(_: *mut c_void, at: *mut c_void, bytes: q::size_t) -> *mut c_void {
    // SAFETY: passed on.
    noted(unsafe { realloc(at, bytes as usize) }, bytes as usize)
}

/// # Safety
/// As `free`.
unsafe extern "C" fn engine_free(_: *mut c_void, at: *mut c_void) {
    // SAFETY: passed on.
    unsafe { free(at) }
}

/// # Safety
/// As `malloc_usable_size`.
unsafe extern "C" fn engine_usable_size(at: *const c_void) -> q::size_t {
    // SAFETY: passed on; it only reads.
    unsafe { malloc_usable_size(at.cast_mut()) as q::size_t }
}
