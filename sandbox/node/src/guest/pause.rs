//! How long to wait before a worker is started again.

use std::time::Duration;

/// First pause after a worker that died young.
const FIRST: Duration = Duration::from_millis(10);
/// Longest pause after a worker that had begun: whoever's run comes next is served within a second.
const AFTER_DEATH_MAX: Duration = Duration::from_millis(250);
/// Longest pause after a worker that could not even begin: somebody has to do something about that.
const AFTER_REFUSAL_MAX: Duration = Duration::from_secs(5);
/// A worker that lived this long had a good life.
const GOOD_LIFE: Duration = Duration::from_secs(2);

/// Grows with every worker that dies young or does not start.
#[derive(Debug, Default)]
pub(super) struct Pause(Option<Duration>);

impl Pause {
    /// After a worker that lived this long.
    pub(super) fn after_death(&mut self, life: Duration) -> Duration {
        if life >= GOOD_LIFE {
            self.0 = None;
            return Duration::ZERO;
        }
        self.longer(AFTER_DEATH_MAX)
    }

    /// After a worker that did not begin.
    pub(super) fn after_refusal(&mut self) -> Duration {
        self.longer(AFTER_REFUSAL_MAX)
    }

    fn longer(&mut self, most: Duration) -> Duration {
        let pause = self.0.map_or(FIRST, |last| last * 2).min(most);
        self.0 = Some(pause);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_a_second_and_a_good_life_ends_them() {
        let mut pause = Pause::default();
        let young = Duration::from_millis(5);
        let pauses: Vec<_> = (0..8).map(|_| pause.after_death(young).as_millis()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 250, 250, 250]);
        assert_eq!(pause.after_death(GOOD_LIFE), Duration::ZERO);
        assert_eq!(pause.after_death(young), FIRST);
    }

    #[test]
    fn a_worker_that_cannot_begin_is_tried_every_five_seconds_in_the_end() {
        let mut pause = Pause::default();
        let last = (0..20).map(|_| pause.after_refusal()).last();
        assert_eq!(last, Some(AFTER_REFUSAL_MAX));
    }
}
