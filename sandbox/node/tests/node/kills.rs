//! kill -9 of the worker, at moments drawn by lot: no acknowledged cell is lost, none counts twice.
//!
//! `SELVEDGE_KILLS` says how often (20 without it), `SELVEDGE_KILLS_SEED` by which lot.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use selvedge_protocol::{Cordon, Order, Status};
use tokio::task::JoinSet;

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

/// Counts, changes enough memory that keeping it takes a while, and takes a moment itself.
const CELL: &str = "import random, time\nn = globals().get('n', 0) + 1\npad = random.randbytes(400_000)\ntime.sleep(0.005)\nn";
/// Kernels that are used at the same time; fewer are kept alive, so they are woken all the time.
const KERNELS: u32 = 6;

/// What a run is doing when its worker is killed.
#[derive(Clone, Copy, Debug)]
enum Phase {
    Waking,
    Running,
    Keeping,
}

/// A small generator (xorshift), so that a lot can be drawn again.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

struct Field {
    edge: Edge,
    node: Node,
    plan: Mutex<VecDeque<(Phase, Duration)>>,
    killed: Mutex<HashSet<Pid>>,
    runs: AtomicU32,
    lost: AtomicUsize,
}

impl Field {
    fn order(&self, kernel: &str, cordon: Cordon) -> Order {
        let run = run(self.runs.fetch_add(1, Ordering::Relaxed));
        Order {
            cordon,
            ..self.edge.order(&run, Some(kernel), CELL)
        }
    }

    /// Kill the worker of people with an account. False when its process has been killed before.
    fn kill(&self) -> bool {
        let newest = *self.node.workers_of("signed_in").last().unwrap();
        self.killed.lock().unwrap().insert(newest) && kill_process(newest, Signal::KILL).is_ok()
    }

    /// One cell; what it returned when it was acknowledged.
    async fn step(&self, kernel: &str, cordon: Cordon, death: Option<(Phase, Duration)>) -> Option<u64> {
        let order = self.order(kernel, cordon);
        self.node.place(&self.edge, &order).await;
        if let Some((phase, moment)) = death {
            let run = &order.run;
            match phase {
                Phase::Waking => {}
                Phase::Running => drop(
                    self.edge
                        .until(run, |told| told.outcome.is_some() || told.events.contains_key(&1))
                        .await,
                ),
                Phase::Keeping => drop(self.edge.until(run, |told| told.outcome.is_some() || told.value().is_some()).await),
            }
            tokio::time::sleep(moment).await;
            if !self.kill() {
                self.plan.lock().unwrap().push_back((phase, moment));
            }
        }
        let told = self.edge.ended(&order.run).await;
        match told.outcome.as_ref().unwrap().status {
            Status::Succeeded => Some(told.value().unwrap().parse().unwrap()),
            Status::Lost if cordon == Cordon::SignedIn => {
                self.lost.fetch_add(1, Ordering::Relaxed);
                None
            }
            other => panic!("{other:?}: {told:?}"),
        }
    }

    /// Uses a kernel until the plan is carried out; the number of its last acknowledged cell.
    async fn use_kernel(&self, number: u32) -> u64 {
        // One of them is a visitor's, whose worker nobody kills.
        let cordon = if number == 1 { Cordon::Anonymous } else { Cordon::SignedIn };
        let kernel = kernel(number);
        let mut acknowledged = 0;
        let mut after_the_plan = 0;
        while after_the_plan < 3 {
            let death = match cordon {
                Cordon::SignedIn => self.plan.lock().unwrap().pop_front(),
                _ => None,
            };
            if self.plan.lock().unwrap().is_empty() && death.is_none() {
                after_the_plan += 1;
            }
            if let Some(value) = self.step(&kernel, cordon, death).await {
                assert_eq!(value, acknowledged + 1, "kernel {number}");
                acknowledged = value;
            }
        }
        acknowledged
    }
}

fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kernel_is_at_its_last_acknowledged_cell_whenever_its_worker_was_killed() {
    let (kills, seed) = (number_from("SELVEDGE_KILLS", 20), number_from("SELVEDGE_KILLS_SEED", 0x5e1_f0ed));
    let mut lot = Lot(seed);
    let plan = (0..kills)
        .map(|_| {
            let phase = [Phase::Waking, Phase::Running, Phase::Keeping][usize::try_from(lot.draw(3)).unwrap()];
            (phase, Duration::from_micros(lot.draw(12_000)))
        })
        .collect();
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--kernels", "3"]).await;
    let field = Arc::new(Field {
        edge,
        node,
        plan: Mutex::new(plan),
        killed: Mutex::default(),
        runs: AtomicU32::new(1),
        lost: AtomicUsize::new(0),
    });
    let mut users = JoinSet::new();
    for number in 1..=KERNELS {
        let field = field.clone();
        users.spawn(async move { (number, field.use_kernel(number).await) });
    }
    let mut acknowledged = users.join_all().await;
    acknowledged.sort_unstable();
    let field = Arc::into_inner(field).unwrap();
    let killed = field.killed.into_inner().unwrap().len();
    assert_eq!(killed, usize::try_from(kills).unwrap());
    assert_eq!(field.node.workers_of("anonymous").len(), 1);

    // And once the node itself.
    field.node.kill().await;
    let node = Node::start(&field.edge, data.path()).await;
    let first = field.runs.into_inner();
    for (number, last) in &acknowledged {
        let told = node.cell(&field.edge, &run(first + number), Some(&kernel(*number)), "n").await;
        assert_eq!(told.value().unwrap(), last.to_string(), "kernel {number}");
    }
    eprintln!(
        "kills {killed}, cells acknowledged {}, runs lost {}, kernels at their last acknowledged cell {}",
        acknowledged.iter().map(|(_, last)| last).sum::<u64>(),
        field.lost.into_inner(),
        acknowledged.len()
    );
}
