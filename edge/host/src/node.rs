//! The execution node: where it is, and the local one's process.

mod supervisor;

use std::sync::Arc;

use tokio::sync::watch;

use crate::component::{NodeClient, node_client};

pub(crate) use self::supervisor::{Local, Start};

/// Where the node is at this moment, with connections to it. None while the local node is down.
#[derive(Clone)]
pub(crate) struct Address {
    current: watch::Receiver<Option<Arc<str>>>,
    client: NodeClient,
}

impl Address {
    /// An address that changes.
    pub(crate) fn watching(current: watch::Receiver<Option<Arc<str>>>) -> Self {
        Self {
            current,
            client: node_client(),
        }
    }

    /// A node that somebody else runs.
    pub(crate) fn fixed(url: &str) -> Self {
        Self::watching(watch::channel(Some(Arc::from(url))).1)
    }

    /// The origin.
    pub(crate) fn get(&self) -> Option<Arc<str>> {
        self.current.borrow().clone()
    }

    /// Connections to it.
    pub(crate) fn client(&self) -> NodeClient {
        self.client.clone()
    }
}
