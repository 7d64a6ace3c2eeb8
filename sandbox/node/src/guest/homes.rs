//! Which process has a kernel alive in its newest state. Any other that still has it alive has an older one, which must not be used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::Process;

/// By kernel. Shared by all workers of a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Homes(Arc<Mutex<HashMap<String, Weak<Process>>>>);

impl Homes {
    /// This process has kept the kernel's newest state.
    pub(super) fn lives_in(&self, kernel: &str, process: &Arc<Process>) {
        self.table().insert(kernel.to_owned(), Arc::downgrade(process));
    }

    /// No process has it.
    pub(super) fn sleeps(&self, kernel: &str) -> Option<Arc<Process>> {
        self.table().remove(kernel)?.upgrade()
    }

    /// Does this process have it?
    pub(super) fn is_in(&self, kernel: &str, process: &Arc<Process>) -> bool {
        self.table()
            .get(kernel)
            .is_some_and(|home| std::ptr::eq(home.as_ptr(), Arc::as_ptr(process)))
    }

    /// What lived in processes that are gone sleeps.
    pub(super) fn forget_the_dead(&self) {
        self.table().retain(|_, home| home.strong_count() > 0);
    }

    fn table(&self) -> MutexGuard<'_, HashMap<String, Weak<Process>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
