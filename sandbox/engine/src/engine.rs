use crate::checkpoint::Checkpoint;
use crate::config::{PoolSize, owned};
use crate::dirty::Scanner;
use crate::host::{self, Clock, Entropy, Host};
use crate::image::Image;
use crate::instance::{Idle, Instance};
use crate::kernel::Kernel;
use crate::memory::{self, Frozen, Mappings, RESIDENT_BYTES, Slots, Stacks};
use crate::resting::Resting;
use selvedge_checkpoint::Pages;
use selvedge_checkpoint::{Hash, Registers, State};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;
use wasmtime::{InstancePre, Linker, Module, Store};

/// Why an engine or a kernel could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The machine cannot run guests: its processor lacks something, or its memory has pages of another size than 4 KiB.
    #[error("this machine cannot run guests: {0:#}")]
    Machine(wasmtime::Error),
    /// The image's machine code does not load.
    #[error("guest image {path} does not load ({reason:#}); build the image again with `cargo xtask build guests`")]
    Load {
        /// The file.
        path: PathBuf,
        /// What the runtime said.
        reason: wasmtime::Error,
    },
    /// As many kernels are alive as the pool holds.
    #[error("every kernel slot of this node is taken; try again when a kernel has gone to sleep")]
    Full,
    /// The image loads but is not a guest.
    #[error("the guest image cannot be started ({0:#}); build the image again with `cargo xtask build guests`")]
    Guest(wasmtime::Error),
}

/// Why a checkpoint could not be restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It belongs to another image.
    #[error(
        "this checkpoint belongs to guest image {found}, this engine runs {expected}; it can be restored where that image is installed"
    )]
    ForeignImage {
        /// Of this engine.
        expected: String,
        /// Of the checkpoint.
        found: String,
    },
    /// Its memory does not fit the image.
    #[error("this checkpoint does not fit the guest image that it names; an earlier one is needed")]
    DoesNotFit,
    /// No instance to restore it into.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Runs one image. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    engine: wasmtime::Engine,
    guest: InstancePre<Host>,
    image: Image,
    module: Hash,
    /// Globals of a fresh instance.
    globals: Vec<u64>,
    /// Where the guest looks whether it shall interrupt what runs.
    interrupt: Option<u32>,
    slots: Slots,
    scanner: Arc<Scanner>,
    mappings: Mappings,
    resting: Resting,
    /// A permit for each kernel that may be alive.
    places: Arc<Semaphore>,
}

impl Engine {
    /// Loads `image`; at most so many kernels as `pool` says will be alive at a time. Milliseconds: the machine code is mapped, not read.
    ///
    /// # Errors
    /// `Machine`, `Load`, `Guest`.
    pub fn new(image: Image, pool: PoolSize) -> Result<Self, EngineError> {
        if !memory::is_supported() {
            return Err(EngineError::Machine(wasmtime::Error::msg("its memory has no pages of 4 KiB")));
        }
        let (scanner, mappings) = (Arc::new(Scanner::new()), Mappings::of_process());
        image.memory().populate();
        let slots = Slots::new(Arc::clone(image.memory()), mappings.clone(), Arc::clone(&scanner));
        let stacks = Stacks::new(Arc::clone(&scanner), mappings.clone());
        let engine = wasmtime::Engine::new(&owned(slots.clone(), stacks)).map_err(EngineError::Machine)?;
        let (compiled, path) = image.compiled();
        let failed = |reason| EngineError::Load {
            path: path.to_owned(),
            reason,
        };
        let compiled = compiled.try_clone().map_err(|error| failed(wasmtime::Error::new(error)))?;
        // SAFETY: `Image::open` held this very file against the hash that `sandbox/image` wrote when it compiled it.
        #[expect(unsafe_code, reason = "machine code cannot be checked, only its origin")]
        let module = unsafe { Module::deserialize_open_file(&engine, compiled) }.map_err(failed)?;
        let mut linker = Linker::new(&engine);
        host::link(&mut linker).map_err(EngineError::Guest)?;
        let guest = linker.instantiate_pre(&module).map_err(EngineError::Guest)?;
        let hash = blake3::Hash::from_hex(image.hash()).map_err(|error| EngineError::Guest(wasmtime::Error::new(error)))?;
        let (globals, interrupt) = constants(&engine, &module, &slots, &image.manifest().globals).map_err(EngineError::Guest)?;
        Ok(Self {
            inner: Arc::new(Inner {
                engine,
                guest,
                image,
                module: *hash.as_bytes(),
                globals,
                interrupt,
                slots,
                scanner,
                mappings,
                resting: Resting::default(),
                places: Arc::new(Semaphore::new(pool.count())),
            }),
        })
    }

    /// The image that it runs.
    #[must_use]
    pub fn image(&self) -> &Image {
        &self.inner.image
    }

    /// A fresh kernel. `entropy` seeds everything random in it, and must be used once only.
    ///
    /// # Errors
    /// `Full`; `Guest`.
    pub async fn start(&self, entropy: [u8; 32]) -> Result<Kernel, EngineError> {
        Ok(Kernel::new(self.clone(), self.instance(entropy, 0).await?))
    }

    /// A kernel as it was when `checkpoint` was taken, but for its randomness, which `entropy` seeds anew, and real time.
    ///
    /// # Errors
    /// `ForeignImage`; `DoesNotFit`; `Engine` as for [`Engine::start`].
    pub async fn restore(&self, checkpoint: &Checkpoint, entropy: [u8; 32]) -> Result<Kernel, RestoreError> {
        let state = checkpoint.state();
        if state.registers.module != self.inner.module {
            return Err(RestoreError::ForeignImage {
                expected: self.inner.image.hash().to_owned(),
                found: checkpoint.image_hash(),
            });
        }
        let base = checkpoint.base(|pages| Frozen::of(pages, self.inner.image.memory()));
        let mut instance = self.instance(entropy, state.registers.monotonic).await?;
        instance
            .load(state, base, &self.inner.mappings)
            .map_err(|_| RestoreError::DoesNotFit)?;
        Ok(Kernel::new(self.clone(), instance))
    }

    async fn instance(&self, entropy: [u8; 32], monotonic: u64) -> Result<Instance, EngineError> {
        let place = Arc::clone(&self.inner.places).try_acquire_owned().map_err(|_| EngineError::Full)?;
        let mut instance = self.vacant().await?;
        let mut host = Host::new(Clock::running_from(monotonic), Entropy::seeded(entropy), Vec::new());
        host.set_files(self.inner.image.files().clone());
        instance.begin(host, Some(place));
        Ok(instance)
    }

    /// An instance as good as new, without a kernel.
    async fn vacant(&self) -> Result<Instance, EngineError> {
        if let Some(rested) = self.inner.resting.wake() {
            return Ok(rested);
        }
        let host = Host::new(Clock::fixed(), Entropy::seeded([0; 32]), Vec::new());
        let mut store = Store::new(&self.inner.engine, host);
        store.limiter(|host| &mut host.memory_limit);
        let instance = self.inner.guest.instantiate_async(&mut store).await.map_err(EngineError::Guest)?;
        let names = &self.inner.image.manifest().globals;
        Instance::new(store, instance, &self.inner.slots, names).map_err(EngineError::Guest)
    }

    /// Takes back the instance of a kernel that is gone, as good as new, if that is cheap.
    pub(crate) fn rest(&self, mut instance: Instance) {
        if instance.renew(&self.inner.scanner, &self.inner.globals, RESIDENT_BYTES) {
            self.inner.resting.keep(instance);
        }
    }

    /// The memory that every kernel begins with.
    pub(crate) fn memory(&self) -> &[u8] {
        self.inner.image.memory()
    }

    /// Where in its memory a guest looks whether it shall interrupt what runs.
    pub(crate) fn interrupt(&self) -> Option<u32> {
        self.inner.interrupt
    }

    /// BLAKE3 of the image's module.
    pub(crate) fn module(&self) -> &Hash {
        &self.inner.module
    }

    /// What of `instance` has to be kept to make it again from the image. An error says that its memory must not be used any more.
    pub(crate) fn checkpoint(&self, instance: &mut Instance) -> wasmtime::Result<Checkpoint> {
        let (pages, base) = instance.pages(&self.inner.scanner, &self.inner.mappings)?;
        let (bytes, globals) = (instance.memory().len(), instance.globals());
        let state = self.state(pages, bytes, globals, instance.store.data_mut())?;
        Ok(Checkpoint::new(state, base))
    }

    /// The same of a kernel that has no instance for now.
    pub(crate) fn checkpoint_idle(&self, idle: &mut Idle) -> wasmtime::Result<Checkpoint> {
        let pages = idle.memory.state(self.inner.image.memory());
        let state = self.state(pages, idle.memory.bytes(), idle.globals.clone(), &mut idle.host)?;
        Ok(Checkpoint::new(state, idle.memory.base().cloned()))
    }

    fn state(&self, pages: Pages, bytes: usize, globals: Vec<u64>, host: &mut Host) -> wasmtime::Result<State> {
        Ok(State {
            registers: Registers {
                module: self.inner.module,
                memory_pages: u32::try_from(bytes >> 16).unwrap_or(u32::MAX),
                globals,
                monotonic: host.monotonic(),
                entropy: host.generation,
            },
            pages,
            files: host.keep_files()?,
        })
    }

    /// Takes the kernel out of `instance`, which others can use then. An error says that it is lost.
    pub(crate) fn fold(&self, mut instance: Instance) -> wasmtime::Result<Idle> {
        let idle = instance.fold(&self.inner.scanner, &self.inner.mappings)?;
        self.rest(instance);
        Ok(idle)
    }

    /// Gives the kernel `idle` an instance. An error says that it is lost.
    pub(crate) async fn unfold(&self, idle: Idle) -> Result<Instance, EngineError> {
        let mut instance = self.vacant().await?;
        instance.unfold(idle, &self.inner.mappings).map_err(EngineError::Guest)?;
        Ok(instance)
    }
}

/// The globals of a fresh instance, and where it looks for an interrupt: of one that traps if it asks its host for anything.
fn constants(engine: &wasmtime::Engine, module: &Module, slots: &Slots, names: &[String]) -> wasmtime::Result<(Vec<u64>, Option<u32>)> {
    let mut store = Store::new(engine, Host::new(Clock::fixed(), Entropy::seeded([0; 32]), Vec::new()));
    let mut linker = Linker::new(engine);
    linker.define_unknown_imports_as_traps(module)?;
    let instance = linker.instantiate(&mut store, module)?;
    let interrupt = match instance.get_func(&mut store, "interrupt") {
        Some(place) => Some(place.typed::<(), u32>(&store)?.call(&mut store, ())?),
        None => None,
    };
    Ok((Instance::new(store, instance, slots, names)?.globals(), interrupt))
}
