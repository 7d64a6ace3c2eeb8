//! Leptos spawns its tasks on wstd's reactor.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};

struct Wstd;

impl CustomExecutor for Wstd {
    fn spawn(&self, task: PinnedFuture<()>) {
        wstd::runtime::spawn(task).detach();
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        wstd::runtime::spawn(task).detach();
    }

    fn poll_local(&self) {}
}

/// Must come before the first Leptos route: the first executor that is set stays.
pub(crate) fn install() {
    // An error says that one is set already, in an instance that serves a second request.
    let _ = Executor::init_local_custom_executor(Wstd);
}
