//! The host's end, as the parts of it see it.

use tokio::sync::watch;

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
