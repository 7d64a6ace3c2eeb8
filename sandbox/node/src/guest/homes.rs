//! Which process has a kernel alive in its newest state. Any other that still has it alive has an older one, which must not be used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use super::Process;

/// By kernel. Shared by all workers of a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Homes(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    homes: HashMap<String, Home>,
    slept: u64,
}

#[derive(Debug)]
struct Home {
    process: Weak<Process>,
    /// Of the checkpoint that it is as; none before that is kept.
    number: Option<u64>,
    used: Instant,
}

/// How many kernels are awake, and how often one fell asleep because nobody used it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Awake {
    /// Kernels with a live instance.
    alive: usize,
    /// Since the node started.
    fell_asleep: u64,
}

impl Homes {
    /// A run in this process has left the kernel's newest state.
    pub(super) fn lives_in(&self, kernel: &str, process: &Arc<Process>) {
        let home = Home {
            process: Arc::downgrade(process),
            number: None,
            used: Instant::now(),
        };
        self.table().homes.insert(kernel.to_owned(), home);
    }

    /// Which has been kept as checkpoint `number`.
    pub(super) fn kept(&self, kernel: &str, number: u64) {
        if let Some(home) = self.table().homes.get_mut(kernel) {
            home.number = Some(number);
        }
    }

    /// No process has it.
    pub(super) fn sleeps(&self, kernel: &str) -> Option<Arc<Process>> {
        self.table().homes.remove(kernel)?.process.upgrade()
    }

    /// Does this process have it as it is at checkpoint `newest`? Another node may have gone on with it. Whoever asks is about to use it.
    pub(super) fn is_in(&self, kernel: &str, process: &Arc<Process>, newest: u64) -> bool {
        self.table().homes.get_mut(kernel).is_some_and(|home| {
            home.used = Instant::now();
            home.number == Some(newest) && std::ptr::eq(home.process.as_ptr(), Arc::as_ptr(process))
        })
    }

    /// What lived in processes that are gone sleeps.
    pub(super) fn forget_the_dead(&self) {
        self.table().homes.retain(|_, home| home.process.strong_count() > 0);
    }

    /// The kernels that nobody has used for this long, with their processes: from now on they sleep.
    pub(super) fn tired(&self, idle: Duration) -> Vec<(String, Arc<Process>)> {
        let mut table = self.table();
        let tired: Vec<_> = table.homes.extract_if(|_, home| home.used.elapsed() >= idle).collect();
        table.slept += tired.len() as u64;
        drop(table);
        tired
            .into_iter()
            .filter_map(|(kernel, home)| Some((kernel, home.process.upgrade()?)))
            .collect()
    }

    /// How many there are.
    pub(super) fn awake(&self) -> Awake {
        let table = self.table();
        Awake {
            alive: table.homes.len(),
            fell_asleep: table.slept,
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
