//! The functions that a guest can call: any of them, in any order, with any arguments, over any memory.

use std::cell::RefCell;

use arbitrary::{Result, Unstructured};
use selvedge_engine::host::{self, Clock, Entropy, Host};
use tokio::runtime::{Builder, Runtime};
use wasmtime::{Config, Engine, Func, Linker, Memory, MemoryType, Store, Val, ValType};

/// Guest memory in 64 KiB pages.
const MEMORY_PAGES: u32 = 1;
/// Calls of one run.
const CALLS_MAX: usize = 64;
/// What mistakes are made at.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    (1 << 16) - 8,
    (1 << 16) - 1,
    1 << 16,
    (1 << 16) + 1,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 62,
    u64::MAX,
];

struct Shim {
    engine: Engine,
    linker: Linker<Host>,
    names: Vec<(String, String)>,
    runtime: Runtime,
}

impl Shim {
    fn new() -> wasmtime::Result<Self> {
        let mut config = Config::new();
        // Memories come and go: what they do not hold must not be reserved.
        config.memory_reservation(0);
        config.memory_guard_size(0);
        config.memory_reservation_for_growth(0);
        let engine = Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        host::link(&mut linker)?;
        let wasi = host::WASI_IMPORTS.iter().map(|name| (host::WASI_MODULE, *name));
        let own = host::INPUT_FUNCTIONS
            .iter()
            .copied()
            .chain([host::EMIT_FUNCTION])
            .map(|name| (host::EMIT_MODULE, name));
        let names = wasi.chain(own).map(|(module, name)| (module.to_owned(), name.to_owned())).collect();
        Ok(Self {
            engine,
            linker,
            names,
            // Time passes at once, so that a guest may sleep for as long as it likes.
            runtime: Builder::new_current_thread().enable_time().start_paused(true).build()?,
        })
    }

    fn run(&self, input: &mut Unstructured<'_>) -> Result<()> {
        let entropy = Entropy::seeded([7; 32]);
        let mut store = Store::new(&self.engine, Host::new(Clock::running_from(0), entropy, b"what boots".to_vec()));
        let Ok(memory) = Memory::new(&mut store, MemoryType::new(MEMORY_PAGES, Some(MEMORY_PAGES))) else {
            return Ok(());
        };
        store.data_mut().attach(memory);
        let begin = input.arbitrary_len::<u8>()?.min(4096);
        let bytes = input.bytes(begin)?;
        memory
            .data_mut(&mut store)
            .iter_mut()
            .zip(bytes)
            .for_each(|(place, byte)| *place = *byte);
        for _ in 0..CALLS_MAX {
            if input.is_empty() {
                break;
            }
            let (module, name) = input.choose(&self.names)?;
            let Some(function) = self.linker.get(&mut store, module, name).ok().and_then(wasmtime::Extern::into_func) else {
                continue;
            };
            self.call(&mut store, name, function, input)?;
        }
        Ok(())
    }

    fn call(&self, store: &mut Store<Host>, name: &str, function: Func, input: &mut Unstructured<'_>) -> Result<()> {
        let kind = function.ty(&*store);
        let arguments = kind.params().map(|kind| argument(&kind, input)).collect::<Result<Vec<_>>>()?;
        let mut results = vec![Val::I32(0); kind.results().len()];
        let end = self.runtime.block_on(function.call_async(store, &arguments, &mut results));
        // A bad call is answered; only the guest's own exit ends it.
        assert!(end.is_ok() || name == "proc_exit", "{name}{arguments:?} trapped: {end:?}");
        Ok(())
    }
}

fn argument(kind: &ValType, input: &mut Unstructured<'_>) -> Result<Val> {
    let value = match input.int_in_range(0..=3)? {
        0 => u64::from(input.arbitrary::<u8>()?),
        1 => *input.choose(&EDGES)?,
        2 => u64::from(input.arbitrary::<u16>()?),
        _ => input.arbitrary()?,
    };
    let (low, _) = (value.to_le_bytes().first_chunk::<4>().copied().unwrap_or_default(), ());
    Ok(match kind {
        ValType::I64 => Val::I64(value.cast_signed()),
        _ => Val::I32(i32::from_le_bytes(low)),
    })
}

thread_local! {
    static SHIM: RefCell<Option<Shim>> = const { RefCell::new(None) };
}

/// Bytes are taken apart into a memory and calls.
pub fn check(bytes: &[u8]) {
    SHIM.with_borrow_mut(|shim| {
        let shim = match shim {
            Some(shim) => shim,
            None => match Shim::new() {
                Ok(new) => shim.insert(new),
                Err(_) => return,
            },
        };
        // Bytes that do not suffice are no finding.
        let _ = shim.run(&mut Unstructured::new(bytes));
    });
}
