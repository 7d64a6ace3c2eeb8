//! Who runs next. Projects take turns: one that has sent a thousand runs waits behind its own, not in front of everybody else's. And however many
//! visitors there are, they leave a quarter of the places to those who have signed in.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use selvedge_protocol::{Cordon, Order};
use tokio::sync::oneshot;

/// So many runs at the same time, and a row of waiting ones for each project.
#[derive(Debug)]
pub(crate) struct Places {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    free: usize,
    /// Places that visitors may take now.
    open_to_visitors: usize,
    /// Who waits, by project; never an empty row.
    rows: HashMap<String, Row>,
    /// Projects with a row: the first one's turn is next.
    order: VecDeque<String>,
}

#[derive(Debug)]
struct Row {
    who: Who,
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// Who asks for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody without an account.
    Visitor,
    /// Anybody else.
    Known,
}

impl Who {
    /// Whose order this is.
    pub(crate) fn of(order: &Order) -> Self {
        match order.cordon {
            Cordon::Anonymous => Self::Visitor,
            Cordon::SignedIn | Cordon::Private => Self::Known,
        }
    }
}

/// A place in the interpreter. Dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Place {
    /// None once it was handed on.
    state: Option<Arc<Mutex<State>>>,
    who: Who,
}

impl Places {
    /// All of them free.
    pub(crate) fn new(count: usize) -> Self {
        let state = State {
            free: count,
            open_to_visitors: count - count / 4,
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// A place in the row of this project, from this moment on.
    pub(crate) fn queue(&self, project: &str, who: Who) -> Queued {
        let mut state = lock(&self.state);
        if state.free > 0 && state.lets_in(who) {
            state.taken(who);
            return Queued::Free(Place::of(&self.state, who));
        }
        let (sender, receiver) = oneshot::channel();
        state.wait(project, who, sender);
        Queued::Waits(receiver, self.state.clone(), who)
    }
}

/// A place in a row.
#[derive(Debug)]
pub(crate) enum Queued {
    /// There was no row.
    Free(Place),
    /// The place comes here.
    Waits(oneshot::Receiver<Place>, Arc<Mutex<State>>, Who),
}

impl Queued {
    /// Waits until it is the first. Whoever stops waiting loses nothing but the place in the row.
    pub(crate) async fn come(self) -> Place {
        match self {
            Self::Free(place) => place,
            // A sender is only dropped with the whole state, which this holds.
            Self::Waits(receiver, state, who) => receiver.await.unwrap_or_else(|_| Place::of(&state, who)),
        }
    }
}

impl State {
    fn lets_in(&self, who: Who) -> bool {
        who == Who::Known || self.open_to_visitors > 0
    }

    fn taken(&mut self, who: Who) {
        self.free -= 1;
        self.open_to_visitors -= usize::from(who == Who::Visitor);
    }

    fn left(&mut self, who: Who) {
        self.free += 1;
        self.open_to_visitors += usize::from(who == Who::Visitor);
    }

    fn wait(&mut self, project: &str, who: Who, sender: oneshot::Sender<Place>) {
        if let Some(row) = self.rows.get_mut(project) {
            row.waiting.push_back(sender);
            return;
        }
        let waiting = VecDeque::from([sender]);
        self.rows.insert(project.to_owned(), Row { who, waiting });
        self.order.push_back(project.to_owned());
    }

    /// The first in the row of the project whose turn it is, of those that are let in; that project is last from now on.
    fn next(&mut self) -> Option<(oneshot::Sender<Place>, Who)> {
        let let_in = |project: &String| self.rows.get(project).is_some_and(|row| self.lets_in(row.who));
        let project = self.order.iter().position(let_in).and_then(|at| self.order.remove(at))?;
        let row = self.rows.get_mut(&project)?;
        let (sender, who) = (row.waiting.pop_front()?, row.who);
        if row.waiting.is_empty() {
            self.rows.remove(&project);
        } else {
            self.order.push_back(project);
        }
        Some((sender, who))
    }
}

impl Place {
    fn of(state: &Arc<Mutex<State>>, who: Who) -> Self {
        Self {
            state: Some(state.clone()),
            who,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(shared) = self.state.take() else { return };
        let mut who = self.who;
        loop {
            let mut state = lock(&shared);
            state.left(who);
            let Some((sender, next)) = state.next() else { return };
            state.taken(next);
            drop(state);
            match sender.send(Self::of(&shared, next)) {
                Ok(()) => return,
                // Whoever waited there has gone. In a loop: a thousand of them must not be a thousand calls deep.
                Err(mut unwanted) => unwanted.state = None,
            }
            who = next;
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

    use super::Who::{Known, Visitor};
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
        let mut running = poll(pin!(places.queue("busy", Known).come())).unwrap();
        let mut waiting: Vec<_> = ["busy", "busy", "busy", "other", "third", "other"]
            .into_iter()
            .map(|project| (project, Box::pin(places.queue(project, Known).come())))
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
            poll(pin!(places.queue("a", Known).come())).unwrap(),
            poll(pin!(places.queue("a", Known).come())).unwrap(),
        );
        let mut impatient: Vec<_> = (0..10_000).map(|_| Box::pin(places.queue("b", Known).come())).collect();
        for future in &mut impatient {
            assert!(poll(future.as_mut()).is_none());
        }
        let mut patient = Box::pin(places.queue("c", Known).come());
        assert!(poll(patient.as_mut()).is_none());
        // One of them is handed the place and goes before it looks.
        drop(first);
        drop(impatient);
        let third = poll(patient.as_mut()).unwrap();
        drop((second, third));
        let all = [
            poll(pin!(places.queue("a", Known).come())),
            poll(pin!(places.queue("b", Known).come())),
        ];
        assert!(all.iter().all(Option::is_some));
        assert!(poll(pin!(places.queue("c", Known).come())).is_none());
    }
    #[test]
    fn visitors_leave_places_to_those_who_have_signed_in_and_get_theirs_back() {
        let places = Places::new(8);
        let mut visitors: Vec<_> = (0..9)
            .map(|number| Box::pin(places.queue(&format!("v{number}"), Visitor).come()))
            .collect();
        let mut inside: Vec<_> = visitors.iter_mut().filter_map(|visitor| poll(visitor.as_mut())).collect();
        assert_eq!(inside.len(), 6);
        visitors.drain(..6);
        let known: Vec<_> = ["a", "b"]
            .map(|project| poll(pin!(places.queue(project, Known).come())).unwrap())
            .into();
        let mut late = Box::pin(places.queue("c", Known).come());
        assert!(poll(late.as_mut()).is_none());
        // A known one's place goes to a known one, although visitors have waited longer; a visitor's to a visitor.
        drop(known);
        let late = poll(late.as_mut()).unwrap();
        assert!(visitors.iter_mut().all(|visitor| poll(visitor.as_mut()).is_none()));
        drop(inside.pop());
        let next = poll(visitors.first_mut().unwrap().as_mut()).unwrap();
        assert!(poll(visitors.last_mut().unwrap().as_mut()).is_none());
        // Whoever has gone without looking gives the place back as what it was.
        drop(visitors);
        drop((inside, next, late));
        let all: Vec<_> = (0..9).filter_map(|_| poll(pin!(places.queue("v", Visitor).come()))).collect();
        assert_eq!(all.len(), 6);
        let rest: Vec<_> = (0..9).filter_map(|_| poll(pin!(places.queue("k", Known).come()))).collect();
        assert_eq!(rest.len(), 2);
    }
}
