use std::time::{Duration, Instant};

/// When the running cell waits for its person: time that is not the cell's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Waiting {
    since: Option<Instant>,
    before: Duration,
}

impl Waiting {
    /// The person is asked.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.since = Some(now);
    }

    /// The cell goes on. Whoever kept the person's time says how long that was: all that it took to bring the question there and the answer
    /// back is the cell's own time then, so that the cell is at its limit here before it is there.
    pub(crate) fn end(&mut self, now: Instant, told: Option<Duration>) {
        if let Some(since) = self.since.take() {
            let here = now.saturating_duration_since(since);
            self.before += told.map_or(here, |told| told.min(here));
        }
    }

    /// Does it wait now?
    pub(crate) fn is_on(&self) -> bool {
        self.since.is_some()
    }

    /// All that is over.
    pub(crate) fn before(&self) -> Duration {
        self.before
    }

    /// All of it until `now`.
    pub(crate) fn total(&self, now: Instant) -> Duration {
        let since = self.since.map(|since| now.saturating_duration_since(since));
        self.before + since.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_the_persons_time_and_never_more_than_was_waited() {
        let (start, second) = (Instant::now(), Duration::from_secs(1));
        let mut waiting = Waiting::default();
        waiting.begin(start);
        assert!(waiting.is_on());
        assert_eq!((waiting.total(start + 7 * second), waiting.before()), (7 * second, Duration::ZERO));
        waiting.end(start + 10 * second, Some(9 * second));
        assert!(!waiting.is_on());
        assert_eq!((waiting.total(start + 20 * second), waiting.before()), (9 * second, 9 * second));
        waiting.begin(start + 20 * second);
        waiting.end(start + 21 * second, Some(9 * second));
        assert_eq!(waiting.total(start + 30 * second), 10 * second);
        waiting.begin(start + 30 * second);
        waiting.end(start + 35 * second, None);
        waiting.end(start + 99 * second, None);
        assert_eq!(waiting.total(start + 99 * second), 15 * second);
    }
}
