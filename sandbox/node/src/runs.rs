//! All runs that this node has accepted and that the edge has not heard the end of.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use selvedge_protocol::ask::Question;
use selvedge_protocol::{Cordon, Order, Outcome};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::ask::Unanswered;
use crate::config::Capacity;
use crate::dialogue::NoLine;
use crate::edge::Edge;
use crate::events::Events;
use crate::fair::Who;
use crate::guest::Guests;
use crate::journal::{Entry, Journal};
use crate::kernels::Kernels;
use crate::live::Recent;
use crate::log;
use crate::metrics::{InHand, Metrics};
use crate::report::{Address, deliver};
use crate::run::{Rows, Workshop, left_behind};
use crate::status::{Load, State};
use crate::stop::{Stop, Stopped, Stopper, stop};
use crate::turn::{Turn, Turns};

/// How long an ended run is remembered, so that its order cannot be placed again: longer than a ticket is good.
const MEMORY: Duration = Duration::from_secs(150);

/// The runs of this node.
#[derive(Debug)]
pub(crate) struct Runs {
    edge: Arc<Edge>,
    journal: Journal,
    workshop: Workshop,
    metrics: Metrics,
    unfinished_max: usize,
    unfinished_of_project_max: usize,
    table: Mutex<Table>,
    /// Something in the table has changed.
    changed: Notify,
}

#[derive(Debug, Default)]
struct Table {
    /// Those that the edge has not heard the end of.
    open: HashMap<String, Open>,
    /// How many of them are not over yet.
    unfinished: usize,
    /// The same for each project that has any.
    unfinished_of: HashMap<String, usize>,
    /// Those that it has.
    ended: HashSet<String>,
    /// Since when, oldest first.
    ended_since: VecDeque<(Instant, String)>,
    /// What some of those said, for who looks on a moment too late.
    recent: Recent,
    turns: Turns,
    /// No more are accepted.
    closed: bool,
}

/// A run that the edge has not heard the end of.
#[derive(Clone, Debug)]
struct Open {
    stopper: Stopper,
    events: Arc<Events>,
}

/// Why a run is not accepted.
#[derive(Debug)]
pub(crate) enum NotNow {
    /// As many as the node takes on are waiting.
    Full,
    /// As many as it takes on of one project are waiting.
    ProjectFull,
    /// The node is going down.
    Closing,
    /// The journal cannot be written.
    Journal(std::io::Error),
}

impl NotNow {
    /// As the answer and the metrics name it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Full => "node.full",
            Self::ProjectFull => "node.project_full",
            Self::Closing => "node.closing",
            Self::Journal(_) => "node.journal",
        }
    }
}

impl Runs {
    /// Takes up what an earlier process left behind: the edge is told that those runs are lost.
    pub(crate) fn new(edge: Arc<Edge>, journal: Journal, workshop: Workshop, capacity: Capacity) -> std::io::Result<Arc<Self>> {
        let leftovers = journal.leftovers()?;
        let unfinished_max = capacity.running + capacity.waiting;
        let runs = Arc::new(Self {
            edge,
            journal,
            metrics: workshop.metrics.clone(),
            workshop,
            unfinished_max,
            unfinished_of_project_max: capacity.running + capacity.waiting_of_project,
            table: Mutex::default(),
            changed: Notify::new(),
        });
        for entry in leftovers {
            runs.report_left_behind(entry);
        }
        Ok(runs)
    }

    /// Accept an order. An order that was accepted before is not accepted a second time, and that is no error.
    pub(crate) fn place(self: &Arc<Self>, order: Order, path: PathAndQuery) -> Result<(), NotNow> {
        self.accept(order, path).inspect_err(|reason| self.metrics.refused(reason.code()))
    }

    fn accept(self: &Arc<Self>, order: Order, path: PathAndQuery) -> Result<(), NotNow> {
        let mut table = self.table();
        table.forget_old();
        if table.knows(&order.run) {
            return Ok(());
        }
        if table.closed {
            return Err(NotNow::Closing);
        }
        if table.unfinished >= self.unfinished_max {
            return Err(NotNow::Full);
        }
        if table.unfinished_of(&order.project) >= self.unfinished_of_project_max {
            return Err(NotNow::ProjectFull);
        }
        // Written under the lock, so that the same order placed twice at once cannot be answered before it is in the journal.
        let entry = Entry {
            run: order.run.clone(),
            report_url: order.report_url.clone(),
            report_token: order.report_token.clone(),
        };
        self.journal.record(&entry).map_err(NotNow::Journal)?;
        let (stopper, stopped) = stop();
        let open = Open {
            stopper,
            events: Arc::new(Events::of(order.interactive)),
        };
        table.open.insert(order.run.clone(), open.clone());
        table.begin(&order.project);
        let turn = order.kernel.as_deref().map(|kernel| table.turns.take(kernel));
        let at_once = turn.is_none() && order.cordon != Cordon::Private;
        let queued = at_once.then(|| self.workshop.room.places.queue(&order.project, Who::of(&order)));
        let rows = Rows { turn, queued };
        drop(table);
        let address = Address {
            run: order.run.clone(),
            path,
            token: entry.report_token,
        };
        let (runs, in_hand) = (self.clone(), self.metrics.accepted());
        tokio::spawn(async move { runs.see_through(order, address, rows, in_hand, open, stopped).await });
        Ok(())
    }

    /// Stop a run. False when there is no such run here, or not any more.
    pub(crate) fn cancel(&self, run: &str) -> bool {
        let table = self.table();
        if let Some(open) = table.open.get(run) {
            open.stopper.ask(Stop::Cancelled);
        }
        table.knows(run)
    }

    /// A line for a run that asks for one. None when no such run is here that goes on.
    pub(crate) fn input(&self, run: &str, text: String) -> Option<Result<(), NoLine>> {
        let events = self.table().open.get(run)?.events.clone();
        let (_, outcome) = events.after(usize::MAX);
        outcome.is_none().then(|| events.dialogue.send(text))
    }

    /// The answer to a question about a kernel.
    pub(crate) async fn ask(&self, kernel: &str, question: Question) -> Result<Value, Unanswered> {
        self.workshop.ask(kernel, question).await
    }

    /// What a run says; none when it is not here, or ended a while ago.
    pub(crate) fn events(&self, run: &str) -> Option<Arc<Events>> {
        let table = self.table();
        table.open.get(run).map(|open| open.events.clone()).or_else(|| table.recent.of(run))
    }

    /// Can runs be taken?
    pub(crate) fn state(&self) -> State {
        if self.table().closed {
            State::Draining
        } else if self.workshop.guests.is_ready() {
            State::Ready
        } else {
            State::NotReady
        }
    }

    /// How much there is to do.
    pub(crate) fn load(&self) -> Load {
        self.metrics.load()
    }

    /// A turn of a kernel, after the runs that were accepted before.
    pub(crate) fn turn(&self, kernel: &str) -> Turn {
        self.table().turns.take(kernel)
    }

    /// Memory of sleeping kernels.
    pub(crate) fn kernels(&self) -> &Kernels {
        &self.workshop.kernels
    }

    /// The processes that run guests.
    pub(crate) fn guests(&self) -> &Guests {
        &self.workshop.guests
    }

    /// Accept nothing more; let what runs end within `grace`, then end it as lost; let the edge hear of it within `farewell`.
    pub(crate) async fn close(&self, grace: Duration, farewell: Duration) {
        self.table().closed = true;
        let _ = tokio::time::timeout(grace, self.until(|table| table.unfinished == 0)).await;
        for open in self.table().open.values() {
            open.stopper.ask(Stop::NodeStops);
        }
        let told = tokio::time::timeout(farewell, self.until(|table| table.open.is_empty()))
            .await
            .is_ok();
        if !told {
            log::warn(
                "some runs will be reported at the next start",
                json!({ "runs": self.table().open.len() }),
            );
        }
        let _ = tokio::time::timeout(farewell, self.workshop.guests.stop()).await;
    }

    async fn see_through(&self, order: Order, address: Address, rows: Rows, in_hand: InHand, open: Open, mut stopped: Stopped) {
        let Open { stopper, events } = open;
        let project = order.project.clone();
        let work = async {
            let outcome = self.workshop.run(order, rows, in_hand, &events, &mut stopped).await;
            self.metrics.ended(&outcome);
            log::info(
                "a run ended",
                json!({ "run": address.run, "status": outcome.status, "fuel": outcome.fuel, "ms": outcome.duration_ms }),
            );
            events.end(outcome);
            self.table().finish(&project);
            self.changed.notify_waiters();
        };
        tokio::join!(work, deliver(&self.edge, &address, &events, &stopper, &self.metrics));
        self.heard(&address.run);
    }

    fn report_left_behind(self: &Arc<Self>, entry: Entry) {
        // The edge may have moved since; the path stays, and nobody but the edge gets the token.
        let path = entry
            .report_url
            .parse::<http::Uri>()
            .ok()
            .and_then(|url| url.path_and_query().cloned());
        let Some(path) = path else { return self.journal.remove(&entry.run) };
        let (stopper, _) = stop();
        let events = Arc::<Events>::default();
        let open = Open {
            stopper: stopper.clone(),
            events: events.clone(),
        };
        self.table().open.insert(entry.run.clone(), open);
        let address = Address {
            run: entry.run,
            path,
            token: entry.report_token,
        };
        let runs = self.clone();
        tokio::spawn(async move {
            let outcome: Outcome = left_behind();
            log::info("a run was left behind by an earlier process", json!({ "run": address.run }));
            events.end(outcome);
            deliver(&runs.edge, &address, &events, &stopper, &runs.metrics).await;
            runs.heard(&address.run);
        });
    }

    /// The edge has heard the end of this run, or wants to hear nothing.
    fn heard(&self, run: &str) {
        self.journal.remove(run);
        let mut table = self.table();
        if let Some(open) = table.open.remove(run) {
            table.recent.keep(run, open.events);
        }
        table.ended.insert(run.to_owned());
        table.ended_since.push_back((Instant::now(), run.to_owned()));
        drop(table);
        self.changed.notify_waiters();
    }

    async fn until(&self, done: impl Fn(&Table) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if done(&self.table()) {
                return;
            }
            changed.await;
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn knows(&self, run: &str) -> bool {
        self.open.contains_key(run) || self.ended.contains(run)
    }

    fn forget_old(&mut self) {
        while let Some((_, run)) = self.ended_since.pop_front_if(|(since, _)| since.elapsed() > MEMORY) {
            self.ended.remove(&run);
        }
    }

    fn unfinished_of(&self, project: &str) -> usize {
        self.unfinished_of.get(project).copied().unwrap_or(0)
    }

    fn begin(&mut self, project: &str) {
        self.unfinished += 1;
        *self.unfinished_of.entry(project.to_owned()).or_default() += 1;
    }

    fn finish(&mut self, project: &str) {
        self.unfinished = self.unfinished.saturating_sub(1);
        match self.unfinished_of.get_mut(project) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                self.unfinished_of.remove(project);
            }
        }
        self.turns.tidy();
    }
}
