//! Who runs next. Projects take turns: one that has sent a thousand runs waits behind its own, not in front of everybody else's.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// So many runs at the same time, and a row of waiting ones for each project.
#[derive(Debug)]
pub(crate) struct Places {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    free: usize,
    /// Who waits, by project; never an empty row.
    rows: HashMap<String, VecDeque<oneshot::Sender<Place>>>,
    /// Projects with a row: the first one's turn is next.
    order: VecDeque<String>,
}

/// A place in the interpreter. Dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Place {
    /// None once it was handed on.
    state: Option<Arc<Mutex<State>>>,
}

impl Places {
    /// All of them free.
    pub(crate) fn new(count: usize) -> Self {
        let state = State {
            free: count,
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// A place in the row of this project, from this moment on.
    pub(crate) fn queue(&self, project: &str) -> Queued {
        let mut state = lock(&self.state);
        if state.free > 0 {
            state.free -= 1;
            return Queued::Free(Place::of(&self.state));
        }
        let (sender, receiver) = oneshot::channel();
        state.wait(project, sender);
        Queued::Waits(receiver, self.state.clone())
    }
}

/// A place in a row.
#[derive(Debug)]
pub(crate) enum Queued {
    /// There was no row.
    Free(Place),
    /// The place comes here.
    Waits(oneshot::Receiver<Place>, Arc<Mutex<State>>),
}

impl Queued {
    /// Waits until it is the first. Whoever stops waiting loses nothing but the place in the row.
    pub(crate) async fn come(self) -> Place {
        match self {
            Self::Free(place) => place,
            // A sender is only dropped with the whole state, which this holds.
            Self::Waits(receiver, state) => receiver.await.unwrap_or_else(|_| Place::of(&state)),
        }
    }
}

impl State {
    fn wait(&mut self, project: &str, sender: oneshot::Sender<Place>) {
        if let Some(row) = self.rows.get_mut(project) {
            row.push_back(sender);
            return;
        }
        self.rows.insert(project.to_owned(), VecDeque::from([sender]));
        self.order.push_back(project.to_owned());
    }

    /// The first in the row of the project whose turn it is; that project is last from now on.
    fn next(&mut self) -> Option<oneshot::Sender<Place>> {
        let project = self.order.pop_front()?;
        let row = self.rows.get_mut(&project)?;
        let sender = row.pop_front();
        if row.is_empty() {
            self.rows.remove(&project);
        } else {
            self.order.push_back(project);
        }
        sender
    }
}

impl Place {
    fn of(state: &Arc<Mutex<State>>) -> Self {
        Self {
            state: Some(state.clone()),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(shared) = self.state.take() else { return };
        loop {
            let mut state = lock(&shared);
            let Some(sender) = state.next() else {
                state.free += 1;
                return;
            };
            drop(state);
            match sender.send(Self::of(&shared)) {
                Ok(()) => return,
                // Whoever waited there has gone. In a loop: a thousand of them must not be a thousand calls deep.
                Err(mut unwanted) => unwanted.state = None,
            }
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<F: Future>(future: Pin<&mut F>) -> Option<F::Output> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_project_with_many_runs_waits_behind_its_own() {
        let places = Places::new(1);
        let mut running = poll(pin!(places.queue("busy").come())).unwrap();
        let mut waiting: Vec<_> = ["busy", "busy", "busy", "other", "third", "other"]
            .into_iter()
            .map(|project| (project, Box::pin(places.queue(project).come())))
            .collect();
        for (_, future) in &mut waiting {
            assert!(poll(future.as_mut()).is_none());
        }
        let mut order = Vec::new();
        while !waiting.is_empty() {
            drop(running);
            let (at, place) = waiting
                .iter_mut()
                .enumerate()
                .find_map(|(at, (_, future))| poll(future.as_mut()).map(|place| (at, place)))
                .unwrap();
            order.push(waiting.remove(at).0);
            running = place;
        }
        assert_eq!(order, ["busy", "other", "third", "busy", "other", "busy"]);
    }

    #[test]
    fn whoever_stops_waiting_takes_no_place_along() {
        let places = Places::new(2);
        let (first, second) = (
            poll(pin!(places.queue("a").come())).unwrap(),
            poll(pin!(places.queue("a").come())).unwrap(),
        );
        let mut impatient: Vec<_> = (0..10_000).map(|_| Box::pin(places.queue("b").come())).collect();
        for future in &mut impatient {
            assert!(poll(future.as_mut()).is_none());
        }
        let mut patient = Box::pin(places.queue("c").come());
        assert!(poll(patient.as_mut()).is_none());
        // One of them is handed the place and goes before it looks.
        drop(first);
        drop(impatient);
        let third = poll(patient.as_mut()).unwrap();
        drop((second, third));
        let all = [poll(pin!(places.queue("a").come())), poll(pin!(places.queue("b").come()))];
        assert!(all.iter().all(Option::is_some));
        assert!(poll(pin!(places.queue("c").come())).is_none());
    }
}
