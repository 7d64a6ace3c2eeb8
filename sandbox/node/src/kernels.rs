//! The memory of sleeping kernels, as a node uses it: `selvedge_checkpoint::Store`, away from the threads that carry messages.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use selvedge_checkpoint::{KernelId, ProjectKey, Retention, Store, StoreError, join};
use selvedge_protocol::order::Seal;
use serde_json::json;

use crate::error::StartError;
use crate::log;
use crate::store::StoreOptions;

/// What nobody can come back to is removed after so many checkpoints of a kernel.
const COLLECT_EVERY: u64 = 16;

/// The checkpoints of all kernels that this node can run. Each is used by one of its runs at a time, and perhaps by another node.
#[derive(Clone, Debug)]
pub(crate) struct Kernels(Arc<Store>);

/// A kernel, and the key of its project.
#[derive(Clone, Debug)]
pub(crate) struct Owned {
    pub(crate) kernel: KernelId,
    pub(crate) key: ProjectKey,
}

impl Owned {
    /// None when one of them is none: what passed an order's checks is.
    pub(crate) fn new(kernel: &str, seal: &Seal) -> Option<Self> {
        Some(Self {
            kernel: kernel.parse().ok()?,
            key: ProjectKey::new(seal.bytes()?),
        })
    }
}

impl Kernels {
    /// Open the store; one of a node's own is under its data folder.
    pub(crate) async fn open(options: &StoreOptions, data: &Path) -> Result<Self, StartError> {
        let (options, folder) = (options.clone(), data.to_owned());
        let opened = tokio::task::spawn_blocking(move || options.open(&folder)).await;
        let failed = |error| StartError::Data {
            folder: data.to_owned(),
            cause: io::Error::other(error),
        };
        let objects = opened.map_err(failed)??;
        Ok(Self(Arc::new(Store::new(objects, Retention::default(), log::now_ms))))
    }

    /// The number of the kernel's newest checkpoint; none when nothing is kept of it.
    pub(crate) async fn newest(&self, owned: &Owned) -> Result<Option<u64>, StoreError> {
        let kernel = owned.kernel;
        self.with(move |store| store.newest(kernel)).await
    }

    /// Keep what a cell left behind; on return it is in the store, under the number returned. On an error the kernel is what it was.
    pub(crate) async fn keep(&self, owned: &Owned, after: Option<u64>, object: Bytes) -> Result<u64, StoreError> {
        let Owned { kernel, key } = owned.clone();
        let number = self.with(move |store| store.append(kernel, &key, after, &object)).await?;
        if number.is_multiple_of(COLLECT_EVERY) {
            let kernels = self.clone();
            tokio::spawn(async move {
                if let Err(error) = kernels.with(move |store| store.collect(kernel)).await {
                    log::warn(
                        "old checkpoints could not be removed",
                        json!({ "kernel": kernel.to_string(), "error": error.to_string() }),
                    );
                }
            });
        }
        Ok(number)
    }

    /// What the kernel was at this checkpoint, for its worker: the objects that make it.
    pub(crate) async fn load(&self, owned: &Owned, number: u64) -> Result<Bytes, StoreError> {
        let Owned { kernel, key } = owned.clone();
        self.with(move |store| Ok(join(&store.read_at(kernel, &key, number)?.objects).into()))
            .await
    }

    /// What the kernel is cannot be restored: it is empty from now on, and its history stays.
    pub(crate) async fn set_aside(&self, owned: &Owned) -> Result<(), StoreError> {
        let kernel = owned.kernel;
        self.with(move |store| store.set_aside(kernel)).await
    }

    /// Do something with the store, which blocks.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.0.clone();
        let done = tokio::task::spawn_blocking(move || act(&store)).await;
        done.unwrap_or_else(|error| Err(io::Error::other(error).into()))
    }
}
