use crate::checkpoint::{Checkpoint, Contents};
use crate::config::{PoolSize, pooled};
use crate::dirty::{PAGE_BYTES, Scanner};
use crate::host::{self, Clock, Entropy, Host};
use crate::image::Image;
use crate::instance::Instance;
use crate::kernel::Kernel;
use crate::resting::Resting;
use std::path::PathBuf;
use std::sync::Arc;
use wasmtime::{InstancePre, Linker, Module, PoolConcurrencyLimitError, Store};

/// Why an engine or a kernel could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The machine refuses what the pool needs, mostly address space.
    #[error(
        "the pool of guest memories cannot be reserved ({0:#}); start with fewer kernels or raise the address-space limit (`ulimit -v`)"
    )]
    Pool(wasmtime::Error),
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
    module: [u8; 32],
    /// An instance that never runs: its memory is the image.
    pristine: Instance,
    /// Its globals.
    globals: Vec<u64>,
    scanner: Scanner,
    resting: Resting,
}

impl Engine {
    /// Loads `image` and reserves room for kernels. Milliseconds: the machine code is mapped, not read.
    ///
    /// # Errors
    /// `Pool`, `Load`, `Guest`.
    pub fn new(image: Image, pool: PoolSize) -> Result<Self, EngineError> {
        let engine = wasmtime::Engine::new(&pooled(pool, 1)).map_err(EngineError::Pool)?;
        // SAFETY: `Image::open` held the file against the hash that `sandbox/image` wrote when it compiled it.
        #[expect(unsafe_code, reason = "machine code cannot be checked, only its origin")]
        let module = unsafe { Module::deserialize_file(&engine, image.compiled()) }.map_err(|reason| EngineError::Load {
            path: image.compiled().to_owned(),
            reason,
        })?;
        let mut linker = Linker::new(&engine);
        host::link(&mut linker).map_err(EngineError::Guest)?;
        let guest = linker.instantiate_pre(&module).map_err(EngineError::Guest)?;
        let hash = blake3::Hash::from_hex(image.hash()).map_err(|error| EngineError::Guest(wasmtime::Error::new(error)))?;
        let mut pristine = pristine(&engine, &module, &image.manifest().globals).map_err(EngineError::Guest)?;
        let globals = pristine.globals();
        let (scanner, resting) = (Scanner::new(), Resting::default());
        Ok(Self {
            inner: Arc::new(Inner {
                engine,
                guest,
                image,
                module: *hash.as_bytes(),
                pristine,
                globals,
                scanner,
                resting,
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
        let contents = checkpoint.contents();
        if contents.module != self.inner.module {
            return Err(RestoreError::ForeignImage {
                expected: self.inner.image.hash().to_owned(),
                found: checkpoint.image_hash(),
            });
        }
        let mut instance = self.instance(entropy, contents.monotonic).await?;
        instance.load(contents).map_err(|_| RestoreError::DoesNotFit)?;
        Ok(Kernel::new(self.clone(), instance))
    }

    async fn instance(&self, entropy: [u8; 32], monotonic: u64) -> Result<Instance, EngineError> {
        let host = Host::new(Clock::running_from(monotonic), Entropy::seeded(entropy), Vec::new());
        if let Some(mut rested) = self.inner.resting.wake() {
            rested.take_host(host);
            return Ok(rested);
        }
        let mut store = Store::new(&self.inner.engine, host);
        store.limiter(|host| &mut host.memory_limit);
        let instance = self.inner.guest.instantiate_async(&mut store).await.map_err(|error| {
            if error.is::<PoolConcurrencyLimitError>() {
                EngineError::Full
            } else {
                EngineError::Guest(error)
            }
        })?;
        Instance::new(store, instance, &self.inner.image.manifest().globals).map_err(EngineError::Guest)
    }

    /// Takes back the instance of a kernel that is gone, as good as new, if that is cheap.
    pub(crate) fn rest(&self, mut instance: Instance) {
        let Inner {
            pristine,
            globals,
            scanner,
            resting,
            ..
        } = &*self.inner;
        let image = pristine.memory();
        let as_new = instance.memory().len() == image.len()
            && scanner.reset(instance.memory_mut(), image, Resting::BYTES_MAX)
            && instance.set_globals(globals).is_ok();
        if as_new {
            resting.keep(instance);
        }
    }

    #[cfg(test)]
    pub(crate) fn pristine_memory(&self) -> &[u8] {
        self.inner.pristine.memory()
    }

    /// What of `instance` has to be kept to make it again from the image.
    pub(crate) fn contents(&self, instance: &mut Instance) -> Contents {
        let globals = instance.globals();
        let memory = instance.memory();
        let pages = self.inner.scanner.changed(memory, self.inner.pristine.memory());
        let mut data = Vec::with_capacity(pages.len() * PAGE_BYTES);
        for page in &pages {
            let at = *page as usize * PAGE_BYTES;
            data.extend_from_slice(memory.get(at..at + PAGE_BYTES).unwrap_or_default());
        }
        let memory_pages = u32::try_from(memory.len() >> 16).unwrap_or(u32::MAX);
        let monotonic = instance.store.data().monotonic();
        Contents {
            module: self.inner.module,
            memory_pages,
            monotonic,
            globals,
            pages,
            data,
        }
    }
}

/// Traps if anything in it is ever called.
fn pristine(engine: &wasmtime::Engine, module: &Module, globals: &[String]) -> wasmtime::Result<Instance> {
    let mut store = Store::new(engine, Host::new(Clock::fixed(), Entropy::seeded([0; 32]), Vec::new()));
    let mut linker = Linker::new(engine);
    linker.define_unknown_imports_as_traps(module)?;
    let instance = linker.instantiate(&mut store, module)?;
    Instance::new(store, instance, globals)
}
