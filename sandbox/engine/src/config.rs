use crate::memory::{GUARD_BYTES, RESERVATION_BYTES, Slots, Stacks};
use std::sync::Arc;
use wasmtime::{Config, WasmBacktraceDetails, WasmFeatures};

/// Names everything about [`config`] that compiled code depends on. Images carry it; change it with the settings.
pub const CONFIG_ID: &str = "wasmtime-48 metered reservation-4GiB guard-32MiB simd memory-apart 3";

/// Most 64 KiB pages of linear memory that a guest can ever have: the largest limit that can be asked for.
pub const GUEST_PAGES_MAX: u64 = selvedge_protocol::limits::MEMORY_BYTES_MAX >> 16;

/// Most functions in a guest's table.
pub const TABLE_ELEMENTS_MAX: u64 = 32_768;

/// Native stack of a guest. Python's own limit must be reached first, or runaway recursion would end the kernel instead of raising `RecursionError`.
const WASM_STACK_BYTES: usize = 64 << 20;
/// What host functions need on top of it.
const HOST_STACK_BYTES: usize = 1 << 20;

/// How many kernels can be alive at a time. A slot costs address space (4 GiB), not memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSize(u32);

impl PoolSize {
    /// Room for this many kernels.
    #[must_use]
    pub const fn kernels(kernels: u32) -> Self {
        Self(kernels)
    }

    pub(crate) fn count(self) -> usize {
        self.0 as usize
    }
}

impl Default for PoolSize {
    fn default() -> Self {
        Self::kernels(1_000)
    }
}

/// The one configuration with which images are compiled and run.
///
/// The 4 GiB reservation is what lets compiled code go without bounds checks; without it Python runs at half the speed. Guests count what
/// they do themselves, the same each time (`sandbox/image` makes their code so): the compiler's own fuel takes a quarter of Python's speed.
#[must_use]
pub fn config() -> Config {
    let mut config = Config::new();
    config.memory_reservation(RESERVATION_BYTES as u64);
    config.memory_guard_size(GUARD_BYTES as u64);
    config.memory_may_move(false);
    // What a memory begins with is not in the module: the engine maps it.
    config.memory_init_cow(false);
    config.max_wasm_stack(WASM_STACK_BYTES);
    config.async_stack_size(WASM_STACK_BYTES + HOST_STACK_BYTES);
    // Nobody reads native traces of a guest; without them images are smaller and traps cheaper.
    config.wasm_backtrace_max_frames(None);
    config.wasm_backtrace_details(WasmBacktraceDetails::Disable);
    config.generate_address_map(false);
    // The calls for another slice of fuel are out of the way.
    config.wasm_branch_hinting(true);
    // What other parts of a build switch on in the library must not change what images are compiled for.
    config.concurrency_support(false);
    for unused in [
        WasmFeatures::GC_TYPES,
        WasmFeatures::EXCEPTIONS,
        WasmFeatures::THREADS,
        WasmFeatures::COMPONENT_MODEL,
        WasmFeatures::CM_ASYNC,
        WasmFeatures::RELAXED_SIMD,
        WasmFeatures::MEMORY64,
        WasmFeatures::MULTI_MEMORY,
        WasmFeatures::TAIL_CALL,
    ] {
        config.wasm_features(unused, false);
    }
    config
}

/// [`config`] with memories and stacks of our own.
pub(crate) fn owned(slots: Slots, stacks: Stacks) -> Config {
    let mut config = config();
    config.with_host_memory(Arc::new(slots));
    config.with_host_stack(Arc::new(stacks));
    config
}
