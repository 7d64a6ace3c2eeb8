//! How many requests have an instance, and how many wait for one. What comes beyond is turned away at once, while it is cheap.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request may wait for an instance.
const WAIT: Duration = Duration::from_secs(2);

/// The places.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    instances: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Admission {
    /// Places for this many instances, and this many requests in the queue.
    pub(super) fn new(instances: usize, waiting: usize) -> Self {
        Self {
            instances: Arc::new(Semaphore::new(instances)),
            waiting: Arc::new(Semaphore::new(waiting)),
        }
    }

    /// A place for one instance, free again when it is dropped; none when there is too much to do.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.instances).try_acquire_owned() {
            return Some(place);
        }
        let _queued = self.waiting.try_acquire().ok()?;
        tokio::time::timeout(WAIT, Arc::clone(&self.instances).acquire_owned())
            .await
            .ok()?
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_the_queue_a_request_is_turned_away_at_once() {
        let admission = Admission::new(1, 1);
        let first = admission.enter().await.unwrap();
        let second = tokio::spawn({
            let admission = admission.clone();
            async move { admission.enter().await.is_some() }
        });
        while admission.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(admission.enter().await.is_none(), "the queue is full");
        drop(first);
        assert!(second.await.unwrap(), "who waited is next");
    }
}
