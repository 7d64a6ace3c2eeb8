//! What the guest asks of its host: output, randomness, time, sleep. Nothing else is imported.

use std::mem::MaybeUninit;

/// The file descriptor of complaints.
const STDERR: u32 = 2;
const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

#[link(wasm_import_module = "selvedge")]
unsafe extern "C" {
    /// Hands `len` bytes of UTF-8 at `ptr` to the host; kinds are numbered in `sandbox/engine/src/host/emit.rs`.
    #[link_name = "emit"]
    fn host_emit(kind: u32, ptr: *const u8, len: usize);
    /// Asks for a line, and waits for it; its length, or a negative number when nobody is there.
    fn read_input(prompt: *const u8, len: usize, secret: u32) -> i32;
    /// Copies the line that came.
    fn take_input(ptr: *mut u8, len: usize);
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn random_get(ptr: *mut u8, len: usize) -> i32;
    fn clock_time_get(clock: u32, precision: u64, nanos: *mut u64) -> i32;
    fn fd_write(fd: u32, list: *const Buffer, count: usize, written: *mut usize) -> i32;
    fn poll_oneoff(list: *const Subscription, events: *mut MaybeUninit<[u64; 4]>, count: usize, ready: *mut usize) -> i32;
}

/// Bytes to be written.
#[repr(C)]
struct Buffer {
    at: *const u8,
    len: usize,
}

/// A wait for a clock, as WASI lays it out.
#[repr(C)]
struct Subscription {
    userdata: u64,
    kind: u64,
    clock: u64,
    nanos: u64,
    precision: u64,
    flags: u64,
}

/// Output of a kind.
pub(crate) fn emit(kind: u32, text: &[u8]) {
    // SAFETY: the host reads exactly these bytes before it returns.
    unsafe { host_emit(kind, text.as_ptr(), text.len()) }
}

/// A line from whoever watches the cell; none when nobody does.
pub(crate) fn ask(prompt: &[u8]) -> Option<Vec<u8>> {
    // SAFETY: the host reads exactly these bytes before it returns.
    let len = usize::try_from(unsafe { read_input(prompt.as_ptr(), prompt.len(), 0) }).ok()?;
    let mut line = vec![0; len];
    // SAFETY: the host writes at most that many bytes.
    unsafe { take_input(line.as_mut_ptr(), len) };
    Some(line)
}

/// What the guest itself has to say before it ends, not its user.
pub(crate) fn complain(text: &str) {
    let buffer = Buffer {
        at: text.as_ptr(),
        len: text.len(),
    };
    let mut written = 0;
    // SAFETY: the host reads exactly these bytes and writes one number.
    unsafe { fd_write(STDERR, &buffer, 1, &mut written) };
}

/// Fills `bytes` with randomness that no other instance gets.
pub(crate) fn randomness(bytes: &mut [u8]) {
    // SAFETY: the host writes exactly these bytes. It never refuses.
    unsafe { random_get(bytes.as_mut_ptr(), bytes.len()) };
}

fn clock(id: u32) -> u64 {
    let mut nanos = 0;
    // SAFETY: the host writes one number.
    unsafe { clock_time_get(id, 0, &mut nanos) };
    nanos
}

/// Nanoseconds of a clock that never goes back.
pub(crate) fn monotonic() -> u64 {
    clock(MONOTONIC)
}

/// Waits.
pub(crate) fn sleep(nanos: u64) {
    let wait = Subscription {
        userdata: 0,
        kind: 0,
        clock: u64::from(MONOTONIC),
        nanos,
        precision: 0,
        flags: 0,
    };
    let mut event = MaybeUninit::uninit();
    let mut ready = 0;
    // SAFETY: one subscription is read, at most one event of 32 bytes is written.
    unsafe { poll_oneoff(&wait, &mut event, 1, &mut ready) };
}

/// What QuickJS takes the time from: microseconds since the epoch.
#[unsafe(no_mangle)]
extern "C" fn __rquickjs_host_now_us() -> f64 {
    (clock(REALTIME) / 1_000) as f64
}
