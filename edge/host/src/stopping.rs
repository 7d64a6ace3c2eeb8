//! The host's end, as the parts of it see it.

use std::time::Duration;

use tokio::sync::watch;

/// How long the local node may take to end when asked, before it is killed.
pub(crate) const NODE_WITHIN: Duration = Duration::from_millis(1_600);
/// How long answers under way may take after that.
pub(crate) const ANSWERS_WITHIN: Duration = Duration::from_millis(200);
/// How long the tasks that are left then may take.
pub(crate) const LEFTOVERS_WITHIN: Duration = Duration::from_millis(50);

/// Together they keep the promise: everything has ended within two seconds.
const _: () = assert!(NODE_WITHIN.as_millis() + ANSWERS_WITHIN.as_millis() + LEFTOVERS_WITHIN.as_millis() < 2_000);

/// Tells the parts to end.
pub(crate) struct Stop(watch::Sender<bool>);

/// Learns of it.
#[derive(Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

/// Both ends.
pub(crate) fn channel() -> (Stop, Stopping) {
    let (stop, stopping) = watch::channel(false);
    (Stop(stop), Stopping(stopping))
}

impl Stop {
    /// End now.
    pub(crate) fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Stopping {
    /// Returns once the host ends.
    pub(crate) async fn asked(&mut self) {
        // An error means that the other end is gone, which is the end as well.
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}
