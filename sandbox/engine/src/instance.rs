use crate::checkpoint::Contents;
use crate::dirty::Scanner;
use crate::host::Host;
use crate::memory::{Frozen, Layers, Mappings, Slot, Slots, Stack, adopt};
use crate::request::Request;
use selvedge_checkpoint::{Image as _, PAGE_BYTES, Pages};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
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
    /// Where the memory is, and what its pages are copies of.
    slot: Arc<Slot>,
    layers: Layers,
    /// What its calls run on, from the first one on.
    stack: Option<Arc<Stack>>,
    /// That of its kernel among those that may be alive.
    place: Option<OwnedSemaphorePermit>,
}

impl Instance {
    /// Looks up what the engine calls, `globals`, and the one of `slots` that the memory is in.
    pub(crate) fn new(
        mut store: Store<Host>,
        instance: wasmtime::Instance,
        slots: &Slots,
        globals: &[String],
    ) -> wasmtime::Result<Self> {
        let missing = |name: &str| wasmtime::Error::msg(format!("it exports no {name}"));
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| missing("memory"))?;
        let request = instance.get_typed_func(&mut store, "request")?;
        let handle = instance.get_typed_func(&mut store, "handle")?;
        let globals = globals
            .iter()
            .map(|name| instance.get_global(&mut store, name).ok_or_else(|| missing(name)))
            .collect::<wasmtime::Result<_>>()?;
        let slot = slots.find(memory.data_ptr(&store)).ok_or_else(|| missing("memory of its own"))?;
        store.data_mut().attach(memory);
        store.fuel_async_yield_interval(Some(YIELD_FUEL))?;
        Ok(Self {
            store,
            memory,
            request,
            handle,
            globals,
            slot,
            layers: Layers::default(),
            stack: None,
            place: None,
        })
    }

    /// Hands `request` to the guest and burns at most `fuel` on it. 0: it was handled; else the guest itself failed.
    pub(crate) async fn call(&mut self, request: &Request, fuel: u64) -> wasmtime::Result<i32> {
        self.store.set_fuel(fuel)?;
        let bytes = request.bytes();
        let len = u32::try_from(bytes.len())?;
        let at = adopt(&mut self.stack, self.request.call_async(&mut self.store, len)).await?;
        self.memory.write(&mut self.store, at as usize, bytes)?;
        self.handle.call_async(&mut self.store, ()).await
    }

    /// Its kernel has this place.
    pub(crate) fn in_place(mut self, place: OwnedSemaphorePermit) -> Self {
        self.place = Some(place);
        self
    }

    /// Another host and another place, for the next kernel in this memory.
    pub(crate) fn begin(&mut self, mut host: Host, place: OwnedSemaphorePermit) {
        host.attach(self.memory);
        *self.store.data_mut() = host;
        self.place = Some(place);
    }

    pub(crate) fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
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

    /// Makes a fresh instance's state that of `contents`, most of whose pages `base` has ready to be mapped.
    pub(crate) fn load(&mut self, contents: &Contents, base: Option<&Arc<Frozen>>, mappings: &Mappings) -> wasmtime::Result<()> {
        let more = u64::from(contents.memory_pages)
            .checked_sub(self.memory.size(&self.store))
            .ok_or_else(does_not_fit)?;
        self.memory.grow(&mut self.store, more)?;
        let memory = self.memory.data_mut(&mut self.store);
        if let Some(base) = base {
            self.layers.put(&self.slot, memory, base, mappings)?;
        }
        for (number, page) in self.layers.missing(&contents.pages) {
            let place = memory
                .get_mut(number as usize * PAGE_BYTES..)
                .and_then(<[u8]>::first_chunk_mut)
                .ok_or_else(does_not_fit)?;
            *place = *page.map_or_else(|| self.slot.image().page(number), |page| page);
        }
        self.set_globals(&contents.globals)
    }

    /// What of its memory differs from the image. Many new pages are frozen on the way, so that they need not be looked at the next time. An error says
    /// that the memory must not be used any more.
    pub(crate) fn pages(&mut self, scanner: &Scanner, mappings: &Mappings) -> wasmtime::Result<(Pages, Option<Arc<Frozen>>)> {
        let memory = self.memory.data_mut(&mut self.store);
        let mut fresh = self.layers.fresh(scanner, memory, self.slot.image());
        if self.layers.freeze(&self.slot, memory, &fresh, mappings)? {
            fresh.clear();
        }
        let pages = self.layers.pages(&fresh, memory, self.slot.image());
        Ok((pages, self.layers.base()))
    }

    /// Gives back pages that hold what is beneath them, and the stack's. An error says that the memory must not be used any more.
    pub(crate) fn trim(&mut self, scanner: &Scanner) -> wasmtime::Result<()> {
        self.layers.give_back(scanner, &self.slot, self.memory.data_mut(&mut self.store))?;
        if let Some(stack) = &self.stack {
            // SAFETY: a call that is under way borrows this instance.
            #[expect(unsafe_code, reason = "what runs on a stack is not to be seen in types")]
            unsafe {
                stack.give_back();
            }
        }
        Ok(())
    }

    /// Makes it as good as new. False when it is not, because of what that would cost: more than `most` bytes were written, or memory was grown.
    pub(crate) fn renew(&mut self, scanner: &Scanner, globals: &[u64], most: usize) -> bool {
        let memory = self.memory.data_mut(&mut self.store);
        let image = self.slot.image();
        if memory.len() != image.len() || self.layers.clear(&self.slot, memory).is_err() || !scanner.reset(memory, image, most) {
            return false;
        }
        if let Some(stack) = &self.stack {
            // SAFETY: a call that is under way borrows this instance.
            #[expect(unsafe_code, reason = "what runs on a stack is not to be seen in types")]
            unsafe {
                stack.clean();
            }
        }
        self.place = None;
        self.set_globals(globals).is_ok()
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
