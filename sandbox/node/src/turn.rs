//! Runs of one kernel take turns, in the order in which they were accepted.

use std::collections::HashMap;

use tokio::sync::watch;

/// Rows that may be empty before anybody tidies up.
const ROWS_UNTIDY: usize = 64;

/// The last turn that was given out for each kernel.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    rows: HashMap<String, watch::Receiver<()>>,
    tidy_at: usize,
}

/// A place in a kernel's row. The next in the row goes on when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    before: Option<watch::Receiver<()>>,
    /// Dropping it tells the next in the row.
    _after: watch::Sender<()>,
}

impl Turns {
    /// A place behind everybody who has one.
    pub(crate) fn take(&mut self, kernel: &str) -> Turn {
        let (after, end) = watch::channel(());
        Turn {
            before: self.rows.insert(kernel.to_owned(), end),
            _after: after,
        }
    }

    /// Forget kernels for which nobody waits or runs; looks through all of them only when there are many more than at the last time.
    pub(crate) fn tidy(&mut self) {
        if self.rows.len() >= self.tidy_at {
            self.rows.retain(|_, end| end.has_changed().is_ok());
            self.tidy_at = 2 * self.rows.len() + ROWS_UNTIDY;
        }
    }
}

impl Turn {
    /// Waits until everybody before has ended.
    pub(crate) async fn come(&mut self) {
        if let Some(before) = &mut self.before {
            // Nothing is ever sent: the only change is the end.
            while before.changed().await.is_ok() {}
        }
    }

    /// Leaves the row without letting the next one overtake whoever is still before.
    pub(crate) fn give_up(mut self) {
        tokio::spawn(async move { self.come().await });
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn is_next(turn: &mut Turn) -> bool {
        pin!(turn.come()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn turns_come_in_the_order_in_which_they_were_taken() {
        let mut turns = Turns::default();
        let (mut first, mut second, mut other) = (turns.take("a"), turns.take("a"), turns.take("b"));
        assert!(is_next(&mut first) && is_next(&mut other) && !is_next(&mut second));
        drop(first);
        assert!(is_next(&mut second));
    }

    #[tokio::test]
    async fn giving_up_a_place_does_not_let_the_next_overtake() {
        let mut turns = Turns::default();
        let (first, second, mut third) = (turns.take("a"), turns.take("a"), turns.take("a"));
        second.give_up();
        tokio::task::yield_now().await;
        assert!(!is_next(&mut third));
        drop(first);
        third.come().await;
    }

    #[test]
    fn kernels_without_runs_take_no_room() {
        let mut turns = Turns::default();
        let kept = turns.take("a");
        drop(turns.take("b"));
        turns.tidy();
        assert_eq!(turns.rows.len(), 1);
        drop(kept);
    }
}
