//! Servers have process groups of their own, so a Ctrl-C in the terminal does not reach them: this ends them.

use std::sync::{Mutex, Once, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// From now on the group ends when this process is interrupted or terminated.
pub(crate) fn watch(group: Pid) {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // Somebody else's handler stays; then the servers of an interrupted run have to be ended by hand.
        let _ = ctrlc::set_handler(|| {
            for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let _ = kill_process_group(*group, Signal::KILL);
            }
            std::process::exit(130);
        });
    });
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(group);
}

/// The group has ended; its number may soon be another's.
pub(crate) fn forget(group: Pid) {
    GROUPS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .retain(|known| *known != group);
}
