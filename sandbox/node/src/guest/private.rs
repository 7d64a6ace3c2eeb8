//! Processes of their own for projects that ask: started when they are needed, and given to the next project when they are not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Guest;
use super::worker::Recipe;
use crate::log;

/// A worker per project, at most so many.
#[derive(Debug)]
pub(super) struct Private {
    recipe: Recipe,
    most: usize,
    /// One worker is started at a time.
    starting: tokio::sync::Mutex<()>,
    shelf: Arc<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    by_project: Mutex<HashMap<String, Held>>,
    /// Somebody has left.
    left: Notify,
}

#[derive(Debug)]
struct Held {
    guest: Arc<Guest>,
    users: usize,
    since: Instant,
}

/// A run is in a private worker, until this is dropped.
#[derive(Debug)]
pub(super) struct Use {
    shelf: Arc<Shelf>,
    project: String,
}

impl Private {
    /// None yet.
    pub(super) fn new(recipe: Recipe, most: usize) -> Self {
        Self {
            recipe,
            most,
            starting: tokio::sync::Mutex::new(()),
            shelf: Arc::default(),
        }
    }

    /// May there be any?
    pub(super) fn is_offered(&self) -> bool {
        self.most > 0
    }

    /// Those that there are.
    pub(super) fn guests(&self) -> Vec<Arc<Guest>> {
        self.shelf.table().values().map(|held| held.guest.clone()).collect()
    }

    /// The project's worker. When there are as many as there may be, the one that has been idle for longest ends; when none is idle, this
    /// waits. None: it cannot be started.
    pub(super) async fn seat(&self, project: &str) -> Option<(Arc<Guest>, Use)> {
        if let Some(seat) = self.shelf.take(project) {
            return Some(seat);
        }
        let _one_at_a_time = self.starting.lock().await;
        loop {
            let mut left = std::pin::pin!(self.shelf.left.notified());
            left.as_mut().enable();
            if let Some(seat) = self.shelf.take(project) {
                return Some(seat);
            }
            if self.shelf.make_room(self.most) {
                break;
            }
            left.await;
        }
        let guest = Guest::start(self.recipe.clone())
            .await
            .inspect_err(|error| log::warn("a project gets no worker of its own", json!({ "error": error.to_string() })))
            .ok()?;
        let held = Held {
            guest: Arc::new(guest),
            users: 0,
            since: Instant::now(),
        };
        self.shelf.table().insert(project.to_owned(), held);
        self.shelf.take(project)
    }
}

impl Shelf {
    fn take(self: &Arc<Self>, project: &str) -> Option<(Arc<Guest>, Use)> {
        let mut table = self.table();
        let held = table.get_mut(project)?;
        held.users += 1;
        let in_use = Use {
            shelf: self.clone(),
            project: project.to_owned(),
        };
        Some((held.guest.clone(), in_use))
    }

    /// False when every place is in use.
    fn make_room(&self, most: usize) -> bool {
        let mut table = self.table();
        if table.len() < most {
            return true;
        }
        let idle = table.iter().filter(|(_, held)| held.users == 0);
        let oldest = idle.min_by_key(|(_, held)| held.since).map(|(project, _)| project.clone());
        // Its process ends with it; its kernels are in their checkpoints.
        oldest.is_some_and(|project| table.remove(&project).is_some())
    }

    fn table(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.by_project.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        if let Some(held) = self.shelf.table().get_mut(&self.project) {
            held.users = held.users.saturating_sub(1);
            held.since = Instant::now();
        }
        self.shelf.left.notify_waiters();
    }
}
