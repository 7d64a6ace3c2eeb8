use crate::dirty::Scanner;
use crate::host::{Clock, Entropy, FUEL_GLOBAL, Host, Meter};
use crate::memory::{Folded, Frozen, Layers, Mappings, Slot, Slots, Stack, adopt};
use crate::request::Request;
use selvedge_checkpoint::{Image as _, PAGE_BYTES, Pages, State};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::{Global, Memory, Store, TypedFunc, Val};

/// A guest's memory and functions, with its host.
pub(crate) struct Instance {
    pub(crate) store: Store<Host>,
    pub(crate) memory: Memory,
    request: TypedFunc<u32, u32>,
    handle: TypedFunc<(), i32>,
    globals: Vec<Global>,
    /// What is left of its slice of fuel; no part of a kernel's state.
    fuel: Global,
    /// Where the memory is, and what its pages are copies of.
    slot: Arc<Slot>,
    layers: Layers,
    /// What its calls run on, from the first one on.
    stack: Option<Arc<Stack>>,
    /// That of its kernel among those that may be alive.
    place: Option<OwnedSemaphorePermit>,
}

/// A kernel without an instance.
pub(crate) struct Idle {
    pub(crate) memory: Folded,
    pub(crate) globals: Vec<u64>,
    pub(crate) host: Host,
    place: Option<OwnedSemaphorePermit>,
}

impl Instance {
    /// Looks up what the engine calls, `globals`, and the one of `slots` that the memory is in.
    pub(crate) fn new(mut store: Store<Host>, instance: wasmtime::Instance, slots: &Slots, globals: &[String]) -> wasmtime::Result<Self> {
        let missing = |name: &str| wasmtime::Error::msg(format!("it exports no {name}"));
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| missing("memory"))?;
        let request = instance.get_typed_func(&mut store, "request")?;
        let handle = instance.get_typed_func(&mut store, "handle")?;
        let globals = globals
            .iter()
            .map(|name| instance.get_global(&mut store, name).ok_or_else(|| missing(name)))
            .collect::<wasmtime::Result<_>>()?;
        let fuel = instance.get_global(&mut store, FUEL_GLOBAL).ok_or_else(|| missing(FUEL_GLOBAL))?;
        let slot = slots.find(memory.data_ptr(&store)).ok_or_else(|| missing("memory of its own"))?;
        store.data_mut().attach(memory);
        Ok(Self {
            store,
            memory,
            request,
            handle,
            globals,
            fuel,
            slot,
            layers: Layers::default(),
            stack: None,
            place: None,
        })
    }

    /// Hands `request` to the guest and burns at most `fuel` on it. 0: it was handled; else the guest itself failed.
    pub(crate) async fn call(&mut self, request: &Request, fuel: u64) -> wasmtime::Result<i32> {
        Meter::fill(self.fuel, fuel, &mut self.store)?;
        let bytes = request.bytes();
        let len = u32::try_from(bytes.len())?;
        let at = adopt(&mut self.stack, self.request.call_async(&mut self.store, len)).await?;
        self.memory.write(&mut self.store, at as usize, bytes)?;
        self.handle.call_async(&mut self.store, ()).await
    }

    /// Whether the last call was interrupted; what it left of that is taken back.
    pub(crate) fn is_interrupted(&mut self) -> bool {
        let Some(flag) = self.store.data_mut().interrupt.take().and_then(|interrupt| interrupt.told()) else {
            return false;
        };
        // Written only when it has to be: every page that is written is one to keep.
        if let Some(flag) = self.memory.data_mut(&mut self.store).get_mut(flag as usize)
            && *flag != 0
        {
            *flag = 0;
        }
        true
    }

    /// What the last call left of its fuel.
    pub(crate) fn fuel_left(&mut self) -> u64 {
        Meter::left(&mut self.store)
    }

    /// A host and a place, for the next kernel in this memory.
    pub(crate) fn begin(&mut self, mut host: Host, place: Option<OwnedSemaphorePermit>) {
        host.attach(self.memory);
        *self.store.data_mut() = host;
        self.place = place;
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

    /// Makes a fresh instance's state that of `state`, most of whose pages `base` has ready to be mapped.
    pub(crate) fn load(&mut self, state: &State, base: Option<&Arc<Frozen>>, mappings: &Mappings) -> wasmtime::Result<()> {
        let more = u64::from(state.registers.memory_pages)
            .checked_sub(self.memory.size(&self.store))
            .ok_or_else(does_not_fit)?;
        self.memory.grow(&mut self.store, more)?;
        let memory = self.memory.data_mut(&mut self.store);
        if let Some(base) = base {
            self.layers.put(&self.slot, memory, base, mappings)?;
        }
        for (number, page) in self.layers.missing(&state.pages) {
            let place = memory
                .get_mut(number as usize * PAGE_BYTES..)
                .and_then(<[u8]>::first_chunk_mut)
                .ok_or_else(does_not_fit)?;
            *place = match page {
                Some(page) => **page,
                None => *self.slot.image().page(number),
            };
        }
        let host = self.store.data_mut();
        host.restore_files(&state.files)?;
        host.generation = state.registers.entropy.saturating_add(1);
        self.set_globals(&state.registers.globals)
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

    /// Takes its kernel out of it. What is left is of use for another one after [`Instance::renew`] only. An error says that the kernel is lost.
    pub(crate) fn fold(&mut self, scanner: &Scanner, mappings: &Mappings) -> wasmtime::Result<Idle> {
        let memory = self.memory.data_mut(&mut self.store);
        let fresh = self.layers.fresh(scanner, memory, self.slot.image());
        self.layers.freeze(&self.slot, memory, &fresh, mappings)?;
        let memory = Folded::new(&self.layers, scanner, memory, self.slot.image());
        let nobody = Host::new(Clock::fixed(), Entropy::seeded([0; 32]), Vec::new());
        Ok(Idle {
            memory,
            globals: self.globals(),
            host: std::mem::replace(self.store.data_mut(), nobody),
            place: self.place.take(),
        })
    }

    /// Lets the kernel `idle` go on in this fresh instance. An error says that it is lost.
    pub(crate) fn unfold(&mut self, idle: Idle, mappings: &Mappings) -> wasmtime::Result<()> {
        self.grow_to(idle.memory.bytes() as u64 >> 16)?;
        let memory = self.memory.data_mut(&mut self.store);
        if let Some(base) = idle.memory.base()
            && !self.layers.put(&self.slot, memory, base, mappings)?
        {
            base.copy_to(memory);
        }
        idle.memory.unfold(memory);
        self.set_globals(&idle.globals)?;
        self.begin(idle.host, idle.place);
        Ok(())
    }

    fn grow_to(&mut self, pages: u64) -> wasmtime::Result<()> {
        let more = pages.checked_sub(self.memory.size(&self.store)).ok_or_else(does_not_fit)?;
        self.memory.grow(&mut self.store, more)?;
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
        self.begin(Host::new(Clock::fixed(), Entropy::seeded([0; 32]), Vec::new()), None);
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
