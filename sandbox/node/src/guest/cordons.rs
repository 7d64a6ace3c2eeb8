//! Who shares a process with whom.
//!
//! Two people's code in one process is kept apart by the engine alone; in two processes by the system as well. So visitors whom nobody knows
//! never share one with people who have signed in, and a project can have one of its own.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use selvedge_protocol::hardening::Layer;
use selvedge_protocol::{Cordon, Order};
use serde::Serialize;

use super::cgroup::Share;
use super::homes::{Awake, Homes};
use super::private::{Private, Use};
use super::worker::Recipe;
use super::{Guest, Program};
use crate::error::StartError;
use crate::metrics::Metrics;
use crate::workers::Workers;

/// What the workers of a cordon get.
#[derive(Debug)]
struct Policy {
    cordon: Cordon,
    /// As in JSON and in the log.
    name: &'static str,
    /// Share of the processors when they are all busy; 100 is everybody else's on the machine.
    cpu_weight: u64,
    /// How many workers it has.
    count: fn(&Workers) -> usize,
}

/// Cordons whose workers start with the node. Which of them a kernel is in does not change while the node lives.
static SHARED: [Policy; 2] = [
    Policy {
        cordon: Cordon::Anonymous,
        name: "anonymous",
        cpu_weight: 50,
        count: |workers| workers.anonymous,
    },
    Policy {
        cordon: Cordon::SignedIn,
        name: "signed_in",
        cpu_weight: 100,
        count: |workers| workers.signed_in,
    },
];
/// Its workers start when a project asks.
static PRIVATE: Policy = Policy {
    cordon: Cordon::Private,
    name: "private",
    cpu_weight: 100,
    count: |workers| workers.private,
};

/// All workers of a node.
#[derive(Debug)]
pub(crate) struct Guests {
    shared: Vec<(&'static Policy, Vec<Arc<Guest>>)>,
    private: Private,
    homes: Homes,
}

/// A run's place in a worker.
#[derive(Debug)]
pub(crate) struct Seat {
    guest: Arc<Guest>,
    _use: Option<Use>,
}

/// How a cordon is.
#[derive(Debug, Serialize)]
pub(crate) struct CordonHealth {
    cordon: &'static str,
    /// Workers that there are.
    workers: usize,
    /// Those that take runs at this moment.
    ready: usize,
}

impl Guests {
    /// Start the workers that are there from the start, and wait until each has opened its image.
    pub(crate) async fn start(program: Program, workers: &Workers, metrics: &Metrics) -> Result<Self, StartError> {
        let homes = Homes::default();
        let recipe = |policy: &Policy| Recipe {
            program: program.clone(),
            cordon: policy.name,
            share: Share {
                memory_bytes: workers.memory_bytes,
                cpu_weight: policy.cpu_weight,
            },
            homes: homes.clone(),
            metrics: metrics.clone(),
        };
        let mut shared = Vec::new();
        for policy in &SHARED {
            let mut guests = Vec::new();
            for _ in 0..(policy.count)(workers).max(1) {
                guests.push(Arc::new(Guest::start(recipe(policy)).await?));
            }
            shared.push((policy, guests));
        }
        Ok(Self {
            shared,
            private: Private::new(recipe(&PRIVATE), (PRIVATE.count)(workers)),
            homes,
        })
    }

    /// The worker for an order. A project's own is started when there is none, which takes a moment; when there are as many as there may be
    /// and all are in use, this waits. None: it cannot be started.
    pub(crate) async fn seat(&self, order: &Order) -> Option<Seat> {
        self.place_for(order.cordon, &order.project, order.kernel.as_deref()).await
    }

    /// As [`Guests::seat`], for whatever is to happen in a kernel.
    pub(crate) async fn place_for(&self, cordon: Cordon, project: &str, kernel: Option<&str>) -> Option<Seat> {
        if cordon == PRIVATE.cordon && self.private.is_offered() {
            let (guest, in_use) = self.private.seat(project).await?;
            return Some(Seat { guest, _use: Some(in_use) });
        }
        // Where nobody gets a process of his own, he is among those who have signed in.
        let wanted = if cordon == PRIVATE.cordon { Cordon::SignedIn } else { cordon };
        let (_, guests) = self.shared.iter().find(|(policy, _)| policy.cordon == wanted)?;
        let guest = match kernel {
            Some(kernel) => guests.get(place(kernel, guests.len())),
            None => guests.iter().min_by_key(|guest| guest.running()),
        }?;
        Some(Seat {
            guest: guest.clone(),
            _use: None,
        })
    }

    /// What a run left of a kernel has been kept as checkpoint `number`.
    pub(crate) fn kept(&self, kernel: &str, number: u64) {
        self.homes.kept(kernel, number);
    }

    /// Drop a kernel's live instance, wherever it is.
    pub(crate) fn forget(&self, kernel: &str) {
        if let Some(process) = self.homes.sleeps(kernel) {
            process.forget(kernel);
        }
    }

    /// Drop the live instances of kernels that nobody has used for this long. Their checkpoints stay, and wake them.
    pub(crate) fn put_to_sleep(&self, idle: Duration) {
        for (kernel, process) in self.homes.tired(idle) {
            process.forget(&kernel);
        }
    }

    /// How many kernels are awake.
    pub(crate) fn awake(&self) -> Awake {
        self.homes.awake()
    }

    /// Does every cordon have a worker that takes runs? One that is just being replaced makes runs wait, not fail.
    pub(crate) fn is_ready(&self) -> bool {
        self.shared.iter().all(|(_, guests)| guests.iter().any(|guest| guest.is_ready()))
    }

    /// How the cordons are.
    pub(crate) fn health(&self) -> Vec<CordonHealth> {
        let shared = self.shared.iter().map(|(policy, guests)| (*policy, guests.clone()));
        shared
            .chain([(&PRIVATE, self.private.guests())])
            .map(|(policy, guests)| CordonHealth {
                cordon: policy.name,
                workers: guests.len(),
                ready: guests.iter().filter(|guest| guest.is_ready()).count(),
            })
            .collect()
    }

    /// The wall around the workers; it is the same one around each.
    pub(crate) fn layers(&self) -> Vec<Layer> {
        let first = self.shared.first().and_then(|(_, guests)| guests.first());
        first.map(|guest| guest.layers()).unwrap_or_default()
    }

    /// End all workers, whatever they are doing. Returns when their processes are gone.
    pub(crate) async fn stop(&self) {
        let private = self.private.guests();
        let all = || self.shared.iter().flat_map(|(_, guests)| guests).chain(&private);
        all().for_each(|guest| guest.end());
        for guest in all() {
            guest.ended().await;
        }
    }
}

impl Seat {
    /// Who runs it.
    pub(crate) fn guest(&self) -> &Guest {
        &self.guest
    }
}

/// Which of so many workers a kernel is in: always the same one.
fn place(kernel: &str, workers: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    kernel.hash(&mut hasher);
    usize::try_from(hasher.finish() % u64::try_from(workers.max(1)).unwrap_or(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_spread_over_workers_and_each_stays_in_its_own() {
        let kernels: Vec<_> = (0..1_000).map(|number| format!("krn_{number:032x}")).collect();
        let mut in_each = [0; 3];
        for kernel in &kernels {
            in_each[place(kernel, 3)] += 1;
            assert_eq!(place(kernel, 3), place(kernel, 3));
        }
        assert!(in_each.iter().all(|kernels| *kernels > 250), "{in_each:?}");
    }
}
