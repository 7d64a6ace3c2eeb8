use std::fs;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails, WasmFeatures};

/// Names everything about [`config`] that compiled code depends on. Images carry it; change it with the settings.
pub const CONFIG_ID: &str = "wasmtime-48 fuel reservation-4GiB guard-32MiB simd cow 1";

/// Most 64 KiB pages of linear memory that a guest can ever have: the largest limit that can be asked for.
pub const GUEST_PAGES_MAX: u64 = selvedge_protocol::limits::MEMORY_BYTES_MAX >> 16;

/// Most functions in a guest's table.
pub const TABLE_ELEMENTS_MAX: u64 = 32_768;

/// Native stack of a guest. Python's own limit must be reached first, or runaway recursion would end the kernel instead of raising `RecursionError`.
const WASM_STACK_BYTES: usize = 64 << 20;
/// What host functions need on top of it.
const HOST_STACK_BYTES: usize = 1 << 20;

/// Memory of a free slot that stays resident: taking a page that is there costs a twentieth of faulting it in.
const RESIDENT_BYTES: usize = 4 << 20;

/// How many kernels can be alive at a time. A slot costs address space (4 GiB), not memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSize(u32);

impl PoolSize {
    /// Room for this many kernels.
    #[must_use]
    pub const fn kernels(kernels: u32) -> Self {
        Self(kernels)
    }
}

impl Default for PoolSize {
    fn default() -> Self {
        Self::kernels(1_000)
    }
}

/// The one configuration with which images are compiled and run.
///
/// The 4 GiB reservation is what lets compiled code go without bounds checks; without it Python runs at half the speed. Fuel makes the use of
/// a program countable, the same each time, and gives the points at which it can be stopped.
#[must_use]
pub fn config() -> Config {
    let mut config = Config::new();
    config.consume_fuel(true);
    config.memory_reservation(4 << 30);
    config.memory_guard_size(32 << 20);
    config.memory_may_move(false);
    config.memory_init_cow(true);
    config.memory_guaranteed_dense_image_size(256 << 20);
    config.max_wasm_stack(WASM_STACK_BYTES);
    config.async_stack_size(WASM_STACK_BYTES + HOST_STACK_BYTES);
    // Nobody reads native traces of a guest; without them images are smaller and traps cheaper.
    config.wasm_backtrace_max_frames(None);
    config.wasm_backtrace_details(WasmBacktraceDetails::Disable);
    config.generate_address_map(false);
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

/// [`config`] with room for `size` kernels and `extra` instances of our own.
pub(crate) fn pooled(size: PoolSize, extra: u32) -> Config {
    let count = size.0.saturating_add(extra);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(count)
        .total_memories(count)
        .total_tables(count)
        .total_stacks(count)
        .max_memory_size(usize::try_from(GUEST_PAGES_MAX << 16).unwrap_or(usize::MAX))
        .table_elements(usize::try_from(TABLE_ELEMENTS_MAX).unwrap_or(usize::MAX))
        .max_core_instance_size(1 << 20);
    // The resident reset leaves swapped-out pages of the previous tenant in place, so it must not run where there is swap.
    if !swap_is_on() {
        pool.linear_memory_keep_resident(RESIDENT_BYTES)
            .table_keep_resident(1 << 20)
            .pagemap_scan(Enabled::Auto);
    }
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

fn swap_is_on() -> bool {
    // One line is the heading. What cannot be read is taken for the worse case.
    fs::read_to_string("/proc/swaps").map_or(true, |swaps| swaps.lines().count() > 1)
}
