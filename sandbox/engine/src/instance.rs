use crate::checkpoint::Contents;
use crate::dirty::PAGE_BYTES;
use crate::host::Host;
use crate::request::Request;
use wasmtime::{Global, Memory, Store, TypedFunc, Val};

/// A running guest gives way to others, and can be stopped, every so many units of fuel: somewhat less than a millisecond.
const YIELD_FUEL: u64 = 2_000_000;

/// A guest's memory and functions, with its host.
pub(crate) struct Instance {
    pub(crate) store: Store<Host>,
    pub(crate) memory: Memory,
    request: TypedFunc<u32, u32>,
    handle: TypedFunc<(), i32>,
    globals: Vec<Global>,
}

impl Instance {
    /// Looks up what the engine calls, and `globals`.
    pub(crate) fn new(mut store: Store<Host>, instance: wasmtime::Instance, globals: &[String]) -> wasmtime::Result<Self> {
        let missing = |name: &str| wasmtime::Error::msg(format!("it exports no {name}"));
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| missing("memory"))?;
        let request = instance.get_typed_func(&mut store, "request")?;
        let handle = instance.get_typed_func(&mut store, "handle")?;
        let globals = globals
            .iter()
            .map(|name| instance.get_global(&mut store, name).ok_or_else(|| missing(name)))
            .collect::<wasmtime::Result<_>>()?;
        store.data_mut().attach(memory);
        store.fuel_async_yield_interval(Some(YIELD_FUEL))?;
        Ok(Self {
            store,
            memory,
            request,
            handle,
            globals,
        })
    }

    /// Hands `request` to the guest and burns at most `fuel` on it. 0: it was handled; else the guest itself failed.
    pub(crate) async fn call(&mut self, request: &Request, fuel: u64) -> wasmtime::Result<i32> {
        self.store.set_fuel(fuel)?;
        let bytes = request.bytes();
        let len = u32::try_from(bytes.len())?;
        let at = self.request.call_async(&mut self.store, len).await?;
        self.memory.write(&mut self.store, at as usize, bytes)?;
        self.handle.call_async(&mut self.store, ()).await
    }

    /// Another host for the next tenant of this memory.
    pub(crate) fn take_host(&mut self, mut host: Host) {
        host.attach(self.memory);
        *self.store.data_mut() = host;
    }

    pub(crate) fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }

    pub(crate) fn memory_mut(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }

    /// Mutable globals as bits.
    pub(crate) fn globals(&mut self) -> Vec<u64> {
        self.globals.iter().map(|global| bits(&global.get(&mut self.store))).collect()
    }

    pub(crate) fn set_globals(&mut self, values: &[u64]) -> wasmtime::Result<()> {
        if self.globals.len() != values.len() {
            return Err(does_not_fit());
        }
        for (global, bits) in self.globals.iter().zip(values) {
            let value = value(&global.get(&mut self.store), *bits).ok_or_else(does_not_fit)?;
            global.set(&mut self.store, value)?;
        }
        Ok(())
    }

    /// Makes a fresh instance's state that of `contents`.
    pub(crate) fn load(&mut self, contents: &Contents) -> wasmtime::Result<()> {
        let more = u64::from(contents.memory_pages)
            .checked_sub(self.memory.size(&self.store))
            .ok_or_else(does_not_fit)?;
        self.memory.grow(&mut self.store, more)?;
        let bytes = self.memory_mut();
        let (pages, _) = contents.data.as_chunks::<PAGE_BYTES>();
        for (number, page) in contents.pages.iter().zip(pages) {
            let place = bytes
                .get_mut(*number as usize * PAGE_BYTES..)
                .and_then(<[u8]>::first_chunk_mut)
                .ok_or_else(does_not_fit)?;
            *place = *page;
        }
        self.set_globals(&contents.globals)
    }
}

fn does_not_fit() -> wasmtime::Error {
    wasmtime::Error::msg("the checkpoint does not fit")
}

fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(value.cast_unsigned()),
        Val::I64(value) => value.cast_unsigned(),
        Val::F32(bits) => u64::from(*bits),
        Val::F64(bits) => *bits,
        // The image builder refuses mutable globals of other types.
        _ => 0,
    }
}

/// `bits` as a value of the type that `like` has.
fn value(like: &Val, bits: u64) -> Option<Val> {
    Some(match like {
        Val::I32(_) => Val::I32(u32::try_from(bits).ok()?.cast_signed()),
        Val::I64(_) => Val::I64(bits.cast_signed()),
        Val::F32(_) => Val::F32(u32::try_from(bits).ok()?),
        Val::F64(_) => Val::F64(bits),
        _ => return None,
    })
}
