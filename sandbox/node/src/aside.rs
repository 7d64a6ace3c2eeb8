//! A run that waits for a line of its person: that time is not its own, somebody else has its place meanwhile, and it does not wait for ever.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use selvedge_protocol::limits::{LINE_WAIT_MS_MAX, LINES_WAIT_MS_MAX};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use crate::dialogue::Dialogue;
use crate::fair::{Place, Places, Who};

/// Most runs that wait without a place. One more keeps its own: each is alive in a worker, which has room for so many.
pub(crate) const AT_ONCE: usize = 64;

/// How long people may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a line.
    pub(crate) line: Duration,
    /// For all lines of a run together.
    pub(crate) lines: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            line: Duration::from_millis(LINE_WAIT_MS_MAX),
            lines: Duration::from_millis(LINES_WAIT_MS_MAX),
        }
    }
}

/// Where runs wait: places to come back to, and room beside them.
#[derive(Debug)]
pub(crate) struct Room {
    /// One for each run in the interpreter.
    pub(crate) places: Places,
    beside: Semaphore,
    patience: Patience,
}

/// What a run is told that has asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The line; none when nobody answers any more.
    pub(crate) text: Option<String>,
    /// Since the question.
    pub(crate) waited: Duration,
}

/// One run's place, when it has one.
pub(crate) struct Aside<'a> {
    room: &'a Room,
    project: String,
    who: Who,
    place: Option<Place>,
    /// To be without one.
    beside: Option<SemaphorePermit<'a>>,
    /// On the way back to one.
    row: Option<Pin<Box<dyn Future<Output = Place> + Send>>>,
    /// When it asked what has no answer yet.
    since: Option<Instant>,
    /// What it is told when it has a place again.
    answer: Option<Option<String>>,
    /// What is left of the patience for all its lines.
    left: Duration,
    /// Nobody answers any more.
    over: bool,
}

impl Room {
    /// With so many places, and as much patience.
    pub(crate) fn new(places: usize, patience: Patience) -> Self {
        Self {
            places: Places::new(places),
            beside: Semaphore::new(AT_ONCE),
            patience,
        }
    }

    /// A run of this project that has this place.
    pub(crate) fn run(&self, project: String, who: Who, place: Place) -> Aside<'_> {
        Aside {
            room: self,
            project,
            who,
            place: Some(place),
            beside: None,
            row: None,
            since: None,
            answer: None,
            left: self.patience.lines,
            over: false,
        }
    }
}

impl Aside<'_> {
    /// The run asks for a line.
    pub(crate) fn ask(&mut self) {
        if !self.over && self.since.is_none() {
            self.since = Some(Instant::now());
        }
    }

    /// Has it asked for a line that it was not given yet?
    pub(crate) fn waits(&self) -> bool {
        self.since.is_some()
    }

    /// Waits until it has an answer, and a place to go on at. Never returns when it has not asked. Whoever stops waiting here loses nothing.
    pub(crate) async fn answer(&mut self, dialogue: &Dialogue) -> Answer {
        let Some(since) = self.since else {
            return std::future::pending().await;
        };
        let text = match self.answer.take().or_else(|| dialogue.line_now().map(Some)) {
            Some(text) => text,
            None => {
                self.step_aside();
                let patience = self.room.patience.line.min(self.left);
                timeout_at(since + patience, dialogue.line()).await.ok()
            }
        };
        self.come_back(text).await;
        let waited = since.elapsed();
        let text = self.answer.take().flatten();
        self.since = None;
        self.left = self.left.saturating_sub(waited);
        self.over = text.is_none();
        Answer { text, waited }
    }

    fn step_aside(&mut self) {
        if self.place.is_some()
            && let Ok(beside) = self.room.beside.try_acquire()
        {
            self.beside = Some(beside);
            self.place = None;
        }
    }

    /// With what it is told then.
    async fn come_back(&mut self, answer: Option<String>) {
        self.answer = Some(answer);
        if self.place.is_some() {
            return;
        }
        let Self { room, project, who, .. } = self;
        let row = self.row.get_or_insert_with(|| Box::pin(room.places.queue(project, *who).come()));
        self.place = Some(row.await);
        self.row = None;
        self.beside = None;
    }
}

impl fmt::Debug for Aside<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Aside")
            .field("waits", &self.waits())
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const SHORT: Duration = Duration::from_millis(5);

    /// A room with one place, which a run has.
    fn room(patience: Patience) -> Room {
        Room::new(1, patience)
    }

    async fn in_it(room: &Room) -> Aside<'_> {
        let place = room.places.queue("mine", Who::Known).come().await;
        room.run("mine".to_owned(), Who::Known, place)
    }

    fn poll<F: Future>(future: F) -> Option<F::Output> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn whoever_waits_lets_another_one_in_and_goes_on_after_it_with_its_line() {
        let room = room(Patience::default());
        let (mut run, dialogue) = (in_it(&room).await, Dialogue::of(true));
        assert_eq!(poll(run.answer(&dialogue)), None);
        run.ask();
        let mut other = pin!(room.places.queue("other", Who::Known).come());
        assert!(poll(other.as_mut()).is_none(), "the place is taken until it waits");
        assert_eq!(poll(run.answer(&dialogue)), None);
        let place = poll(other).unwrap();
        dialogue.send("a".to_owned()).unwrap();
        for _ in 0..3 {
            assert_eq!(poll(run.answer(&dialogue)), None, "there is a line but no place");
        }
        assert!(run.waits());
        drop(place);
        assert_eq!(run.answer(&dialogue).await.text.as_deref(), Some("a"));
        assert!(!run.waits());
        assert!(poll(room.places.queue("other", Who::Known).come()).is_none());
    }

    #[tokio::test]
    async fn a_line_that_is_there_already_costs_no_place() {
        let room = room(Patience::default());
        let (mut run, dialogue) = (in_it(&room).await, Dialogue::of(true));
        dialogue.send("a".to_owned()).unwrap();
        let mut other = pin!(room.places.queue("other", Who::Known).come());
        run.ask();
        assert_eq!(run.answer(&dialogue).await.text.as_deref(), Some("a"));
        assert!(poll(other.as_mut()).is_none());
    }

    #[tokio::test]
    async fn when_nobody_answers_for_too_long_the_run_goes_on_and_need_not_ask_again() {
        for patience in [
            Patience {
                line: SHORT,
                ..Patience::default()
            },
            Patience {
                lines: SHORT,
                ..Patience::default()
            },
        ] {
            let room = room(patience);
            let (mut run, dialogue) = (in_it(&room).await, Dialogue::of(true));
            run.ask();
            let answer = run.answer(&dialogue).await;
            assert_eq!(answer.text, None);
            assert!(answer.waited >= SHORT);
            run.ask();
            assert!(!run.waits());
        }
    }

    #[tokio::test]
    async fn what_all_lines_took_together_counts() {
        let room = room(Patience {
            line: Duration::MAX,
            lines: 10 * SHORT,
        });
        let (mut run, dialogue) = (in_it(&room).await, Dialogue::of(true));
        let mut answered = 0;
        loop {
            run.ask();
            let (answer, ()) = tokio::join!(run.answer(&dialogue), async {
                tokio::time::sleep(SHORT).await;
                let _ = dialogue.send("a".to_owned());
            });
            if answer.text.is_none() {
                break;
            }
            answered += 1;
        }
        assert!(answered <= 10, "{answered}");
    }

    #[tokio::test]
    async fn one_more_than_there_is_room_for_keeps_its_place() {
        let room = room(Patience::default());
        let _all = room.beside.try_acquire_many(u32::try_from(AT_ONCE).unwrap()).unwrap();
        let (mut run, dialogue) = (in_it(&room).await, Dialogue::of(true));
        run.ask();
        assert_eq!(poll(run.answer(&dialogue)), None);
        assert!(poll(room.places.queue("other", Who::Known).come()).is_none());
        dialogue.send("a".to_owned()).unwrap();
        assert_eq!(poll(run.answer(&dialogue)).unwrap().text.as_deref(), Some("a"));
    }
}
