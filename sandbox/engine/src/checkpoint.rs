use crate::engine::Engine;
use crate::memory::Frozen;
use selvedge_checkpoint::{Chain, ChainError, PAGE_BYTES, Packed, Pages, State};
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

/// A kernel at a cell boundary: what of its memory differs from its image, and its files. Clones share it.
///
/// There is nothing native inside: it can be restored on any machine that has the same image.
#[derive(Clone)]
pub struct Checkpoint {
    state: State,
    /// Most of its pages, ready to be mapped. None: not worth it; empty: nobody asked yet.
    base: Arc<OnceLock<Option<Arc<Frozen>>>>,
}

impl Checkpoint {
    /// `base`: where its kernel has most of its pages from, if they are layers.
    pub(crate) fn new(state: State, base: Option<Arc<Frozen>>) -> Self {
        Self {
            state,
            base: Arc::new(base.map_or_else(OnceLock::new, |base| OnceLock::from(Some(base)))),
        }
    }

    /// Most of its pages, ready to be mapped; `freeze` makes that of all of them.
    pub(crate) fn base(&self, freeze: impl FnOnce(&Pages) -> Option<Frozen>) -> Option<&Arc<Frozen>> {
        self.base.get_or_init(|| freeze(&self.state.pages).map(Arc::new)).as_ref()
    }

    /// What it holds.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// BLAKE3 of the module it belongs to, in hexadecimal: [`crate::Image::hash`].
    #[must_use]
    pub fn image_hash(&self) -> String {
        blake3::Hash::from_bytes(self.state.registers.module).to_hex().to_string()
    }

    /// Names what it holds, however it was kept and wherever it was taken.
    #[must_use]
    pub fn digest(&self, engine: &Engine) -> [u8; 32] {
        self.state.digest(engine.memory())
    }

    /// Bytes of memory that differ from the image.
    #[must_use]
    pub fn changed_bytes(&self) -> u64 {
        (self.state.pages.len() * PAGE_BYTES) as u64
    }
}

impl From<State> for Checkpoint {
    fn from(state: State) -> Self {
        Self::new(state, None)
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Checkpoint")
            .field("image", &self.image_hash())
            .field("memory_pages", &self.state.registers.memory_pages)
            .field("changed_pages", &self.state.pages.len())
            .finish()
    }
}

impl Engine {
    /// For keeping `checkpoint`: everything, and the beginning of a chain that knows it. A small kernel takes 0.2 ms, 10 MiB that changed 12 ms.
    ///
    /// # Errors
    /// Want of memory.
    pub fn pack(&self, checkpoint: &Checkpoint) -> io::Result<(Chain, Packed)> {
        Chain::begin(checkpoint.state.clone(), self.memory())
    }

    /// For keeping `checkpoint` after those that `chain` knows: what changed since, most of the time.
    ///
    /// # Errors
    /// Want of memory; the chain is what it was.
    pub fn pack_after(&self, chain: &mut Chain, checkpoint: &Checkpoint) -> io::Result<Packed> {
        chain.append(checkpoint.state.clone(), self.memory())
    }

    /// What was packed: the object that holds everything, and those after it.
    ///
    /// # Errors
    /// See [`ChainError`].
    pub fn unpack(&self, objects: &[&[u8]]) -> Result<(Chain, Checkpoint), ChainError> {
        let chain = Chain::read(objects, self.module(), self.memory())?;
        let checkpoint = Checkpoint::from(chain.state().clone());
        Ok((chain, checkpoint))
    }
}
