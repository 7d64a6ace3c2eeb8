//! The one configuration under which the edge component is compiled ahead of time and loaded. The two must be the same, or loading is refused.

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Most component instances that can be alive at a time; each serves one request.
pub(crate) const INSTANCES_MAX: u32 = 128;
/// Most linear memory of one core instance of the component, in bytes. A node's largest report is 36 MiB of JSON.
pub(crate) const MEMORY_BYTES_MAX: usize = 256 << 20;

/// The edge component has one memory and at most two tables per domain and for the edge itself; wit-component adds tables for its shims.
const MEMORIES_PER_COMPONENT: u32 = 8;
const TABLES_PER_COMPONENT: u32 = 24;
const CORE_INSTANCES_PER_COMPONENT: u32 = 64;
/// Function table entries of one core instance; the Leptos server has about 9,000.
const TABLE_ELEMENTS: usize = 40_000;
/// Dirty memory up to this size is wiped in place instead of handed back to the kernel: the next request then takes no page faults.
const KEEP_RESIDENT_BYTES: usize = 1 << 20;
/// Address space per memory. Less makes the compiler emit bounds checks, which halves the speed.
const RESERVATION_BYTES: u64 = 4 << 30;

/// The configuration.
pub(crate) fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES_MAX)
        .total_core_instances(INSTANCES_MAX * CORE_INSTANCES_PER_COMPONENT)
        .total_memories(INSTANCES_MAX * MEMORIES_PER_COMPONENT)
        .total_tables(INSTANCES_MAX * TABLES_PER_COMPONENT)
        .total_stacks(INSTANCES_MAX)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .max_memory_size(MEMORY_BYTES_MAX)
        .table_elements(TABLE_ELEMENTS)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(TABLE_ELEMENTS * size_of::<usize>())
        .async_stack_keep_resident(KEEP_RESIDENT_BYTES)
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .epoch_interruption(true)
        .memory_reservation(RESERVATION_BYTES)
        .memory_init_cow(true)
        .native_unwind_info(false)
        .generate_address_map(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
