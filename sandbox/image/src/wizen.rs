//! Runs a guest's boot once and makes a module that begins where the boot ended.

use crate::build::BuildError;
use selvedge_engine::host::{self, Clock, Entropy, Host};
use selvedge_files::Files;
use wasmtime::{Config, Engine, Instance, Linker, Module, OptLevel, Store, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

/// Boots with the engine's own host functions, a clock that stands still and randomness that is always the same. What it writes to `files` is
/// gone afterwards.
pub(crate) fn boot(guest: &[u8], source: String, files: Files) -> Result<Vec<u8>, BuildError> {
    let wizer = Wizer::new();
    let (context, instrumented) = wizer.instrument(guest).map_err(|error| BuildError::Refused(format!("{error:#}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| BuildError::Boot {
            reason: error.to_string(),
            last_words: String::new(),
        })?;
    runtime.block_on(async {
        let refused = |error: wasmtime::Error| BuildError::Refused(format!("{error:#}"));
        let engine = Engine::new(&boot_config()).map_err(refused)?;
        let mut host = Host::new(Clock::fixed(), Entropy::seeded([0; 32]), source.into_bytes());
        host.set_files(files);
        let mut store = Store::new(&engine, host);
        let module = Module::new(&engine, &instrumented).map_err(refused)?;
        let mut linker = Linker::new(&engine);
        host::link(&mut linker).map_err(refused)?;
        let instance = linker.instantiate_async(&mut store, &module).await.map_err(refused)?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| BuildError::Refused("it exports no memory".to_owned()))?;
        store.data_mut().attach(memory);
        let init = instance
            .get_typed_func::<(), ()>(&mut store, wizer.get_init_func())
            .map_err(refused)?;
        if let Err(error) = init.call_async(&mut store, ()).await {
            return Err(BuildError::Boot {
                reason: format!("{error:#}"),
                last_words: store.data().take_last_words(),
            });
        }
        wizer.snapshot(&context, &mut Booted { store, instance }).await.map_err(refused)
    })
}

/// For code that runs once: quick to compile, with room for deep recursion.
fn boot_config() -> Config {
    const STACK_BYTES: usize = 128 << 20;
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::None);
    config.max_wasm_stack(STACK_BYTES);
    config.async_stack_size(STACK_BYTES + (1 << 20));
    config
}

struct Booted {
    store: Store<Host>,
    instance: Instance,
}

impl InstanceState for Booted {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let value = self
            .instance
            .get_global(&mut self.store, name)
            .map(|global| global.get(&mut self.store));
        match value {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(bits)) => SnapshotVal::F32(bits),
            Some(Val::F64(bits)) => SnapshotVal::F64(bits),
            Some(Val::V128(value)) => SnapshotVal::V128(value.as_u128()),
            // Instrumenting exported every mutable global and refused those that hold references.
            _ => SnapshotVal::I32(0),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        if let Some(memory) = self.instance.get_memory(&mut self.store, name) {
            contents(memory.data(&self.store));
        }
    }
}
