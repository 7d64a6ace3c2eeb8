use super::{Mappings, mappings::Taken};
use crate::dirty::Scanner;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap_anonymous, mprotect, munmap};
use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::ops::Range;
use std::pin::pin;
use std::ptr::{self, NonNull};
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::{StackCreator, StackMemory};

const GUARD_BYTES: usize = 64 << 10;
/// Written pages beyond this are dropped instead of overwritten.
const RESIDENT_BYTES: usize = 128 << 10;
/// Free stacks that are kept.
const FREE_MAX: usize = 64;
/// Guard and stack.
const MAPPINGS: usize = 2;

/// The native stack of a guest's calls. It holds nothing of value between two calls.
pub(crate) struct Stack {
    base: NonNull<u8>,
    len: usize,
    scanner: Arc<Scanner>,
    _mappings: Taken,
}

// SAFETY: it only holds the address. Its methods change the memory where the caller shows that nothing runs on it.
#[expect(unsafe_code, reason = "a pointer to memory that has one owner")]
unsafe impl Send for Stack {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "a pointer to memory that has one owner")]
unsafe impl Sync for Stack {}

impl Stack {
    fn new(len: usize, scanner: Arc<Scanner>, mappings: &Mappings) -> io::Result<Self> {
        let taken = mappings.take(MAPPINGS).ok_or(io::ErrorKind::QuotaExceeded)?;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: the system chooses a place where nothing is; its upper part is then made accessible, and nobody refers to it yet.
        #[expect(unsafe_code, reason = "mapping memory")]
        let base = unsafe {
            let start = mmap_anonymous(ptr::null_mut(), GUARD_BYTES + len, ProtFlags::empty(), flags)?.cast::<u8>();
            let base = start.wrapping_add(GUARD_BYTES);
            mprotect(base.cast(), len, MprotectFlags::READ | MprotectFlags::WRITE)?;
            base
        };
        Ok(Self {
            base: NonNull::new(base).ok_or(io::ErrorKind::OutOfMemory)?,
            len,
            scanner,
            _mappings: taken,
        })
    }

    /// Makes it zeros, keeping the pages if they are few.
    ///
    /// # Safety
    /// Nothing runs on it, not even suspended.
    #[expect(unsafe_code, reason = "what runs on a stack is not to be seen in types")]
    pub(crate) unsafe fn clean(&self) {
        // SAFETY: the mapping is this long, and nothing else refers to it.
        let memory = unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), self.len) };
        if !self.scanner.clear(memory, RESIDENT_BYTES) {
            // SAFETY: the mapping is this long, and nothing refers to it.
            let done = unsafe { madvise(self.base.as_ptr().cast(), self.len, Advice::LinuxDontNeed) };
            debug_assert!(done.is_ok(), "{done:?}");
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let start = self.base.as_ptr().wrapping_sub(GUARD_BYTES);
        // SAFETY: `new` mapped exactly this, and who runs on it holds it.
        #[expect(unsafe_code, reason = "unmapping memory")]
        let done = unsafe { munmap(start.cast(), GUARD_BYTES + self.len) };
        debug_assert!(done.is_ok(), "{done:?}");
    }
}

/// Makes stacks, all of one size, and keeps some that are free.
pub(crate) struct Stacks(Arc<Inner>);

struct Inner {
    scanner: Arc<Scanner>,
    mappings: Mappings,
    free: Mutex<Vec<Arc<Stack>>>,
}

impl Stacks {
    pub(crate) fn new(scanner: Arc<Scanner>, mappings: Mappings) -> Self {
        Self(Arc::new(Inner {
            scanner,
            mappings,
            free: Mutex::default(),
        }))
    }
}

thread_local! {
    /// The stack that was handed out last on this thread.
    static NEWEST: RefCell<Option<Arc<Stack>>> = const { RefCell::new(None) };
}

/// Awaits `call`, and puts the stack that is handed out for it into `stack`: `wasmtime` takes one when it polls the first call of a store, keeps
/// it, and tells nobody.
pub(crate) async fn adopt<T>(stack: &mut Option<Arc<Stack>>, call: impl Future<Output = T>) -> T {
    let mut call = pin!(call);
    NEWEST.take();
    poll_fn(|context| {
        let polled = call.as_mut().poll(context);
        if let Some(newest) = NEWEST.take() {
            *stack = Some(newest);
        }
        polled
    })
    .await
}

// SAFETY: a stack is page-aligned zeros of the length that is asked for, above a guard, until it is dropped.
#[expect(unsafe_code, reason = "stacks of our own")]
unsafe impl StackCreator for Stacks {
    fn new_stack(&self, size: usize, _zeroed: bool) -> Result<Box<dyn StackMemory>, wasmtime::Error> {
        let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let stack = match free.filter(|stack| stack.len == size) {
            Some(stack) => stack,
            None => Arc::new(Stack::new(size, Arc::clone(&self.0.scanner), &self.0.mappings)?),
        };
        NEWEST.set(Some(Arc::clone(&stack)));
        Ok(Box::new(Runner {
            stacks: Arc::clone(&self.0),
            stack,
        }))
    }
}

/// A stack in use.
struct Runner {
    stacks: Arc<Inner>,
    stack: Arc<Stack>,
}

// SAFETY: the ranges are those that were mapped, and stay so until this is dropped.
#[expect(unsafe_code, reason = "stacks of our own")]
unsafe impl StackMemory for Runner {
    fn top(&self) -> *mut u8 {
        self.stack.base.as_ptr().wrapping_add(self.stack.len)
    }

    fn range(&self) -> Range<usize> {
        let start = self.stack.base.as_ptr().addr();
        start..start + self.stack.len
    }

    fn guard_range(&self) -> Range<*mut u8> {
        let base = self.stack.base.as_ptr();
        base.wrapping_sub(GUARD_BYTES)..base
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // SAFETY: who ran on it gave it back.
        #[expect(unsafe_code, reason = "what runs on a stack is not to be seen in types")]
        unsafe {
            self.stack.clean();
        }
        let mut free = self.stacks.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < FREE_MAX {
            free.push(Arc::clone(&self.stack));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_on_a_stack_finds_zeros() {
        const LEN: usize = 4 << 20;
        for scanner in [Scanner::new(), Scanner::without_pagemap()] {
            let stacks = Stacks::new(Arc::new(scanner), Mappings::limited(10));
            for written in [10, 100_000, LEN] {
                let stack = stacks.new_stack(LEN, false).unwrap();
                let top = stack.top();
                // SAFETY: the stack is this long, and nothing runs on it.
                #[expect(unsafe_code, reason = "writing where a guest would")]
                let bytes = unsafe { std::slice::from_raw_parts_mut(top.wrapping_sub(LEN), LEN) };
                assert!(bytes.iter().all(|byte| *byte == 0), "before {written}");
                bytes[LEN - written..].fill(7);
                drop(stack);
                let again = stacks.new_stack(LEN, false).unwrap();
                assert_eq!(again.top(), top, "the stack is kept");
            }
        }
    }
}
