//! Live kernels: those that run, with the cells that wait for them, and those that are idle, the longest idle of which goes first.

use std::collections::{HashMap, VecDeque};

/// Live kernels of type `K`, and jobs of type `J` that wait for one that is busy.
#[derive(Debug)]
pub(crate) struct Kernels<K, J> {
    idle: HashMap<String, (u64, K)>,
    busy: HashMap<String, Busy<J>>,
    idle_max: usize,
    clock: u64,
}

#[derive(Debug)]
struct Busy<J> {
    waiting: VecDeque<J>,
    forget: bool,
}

impl<K, J> Kernels<K, J> {
    /// None yet; at most so many idle ones.
    pub(crate) fn new(idle_max: usize) -> Self {
        Self {
            idle: HashMap::new(),
            busy: HashMap::new(),
            idle_max,
            clock: 0,
        }
    }

    /// A job for this kernel: it can begin now, with the kernel if it is alive, or waits until those before it have ended.
    pub(crate) fn begin(&mut self, kernel: &str, job: J) -> Option<(J, Option<K>)> {
        if let Some(busy) = self.busy.get_mut(kernel) {
            busy.waiting.push_back(job);
            return None;
        }
        self.busy.insert(
            kernel.to_owned(),
            Busy {
                waiting: VecDeque::new(),
                forget: false,
            },
        );
        Some((job, self.idle.remove(kernel).map(|(_, live)| live)))
    }

    /// An idle kernel, which is busy until [`Kernels::end`]; none when it is busy or not alive.
    pub(crate) fn borrow(&mut self, kernel: &str) -> Option<K> {
        let (_, live) = self.idle.remove(kernel)?;
        self.busy.insert(
            kernel.to_owned(),
            Busy {
                waiting: VecDeque::new(),
                forget: false,
            },
        );
        Some(live)
    }

    /// The job is over, and `live` is the kernel if it is still of use. Next comes the job that waits, or else the kernel is idle.
    /// The third value is whatever is not kept alive any longer: dropping it takes a moment, so that is for the caller to do.
    pub(crate) fn end(&mut self, kernel: &str, live: Option<K>) -> (Option<(J, Option<K>)>, Option<K>) {
        let Some(busy) = self.busy.get_mut(kernel) else {
            return (None, live);
        };
        let (live, gone) = if std::mem::take(&mut busy.forget) {
            (None, live)
        } else {
            (live, None)
        };
        if let Some(job) = busy.waiting.pop_front() {
            return (Some((job, live)), gone);
        }
        self.busy.remove(kernel);
        let Some(live) = live else { return (None, gone) };
        self.clock += 1;
        self.idle.insert(kernel.to_owned(), (self.clock, live));
        if self.idle.len() <= self.idle_max {
            return (None, gone);
        }
        let oldest = self
            .idle
            .iter()
            .min_by_key(|(_, (since, _))| *since)
            .map(|(kernel, _)| kernel.clone());
        (None, oldest.and_then(|kernel| self.idle.remove(&kernel)).map(|(_, live)| live))
    }

    /// This kernel is not to be kept alive; one that is busy goes when its job is over.
    pub(crate) fn forget(&mut self, kernel: &str) -> Option<K> {
        if let Some(busy) = self.busy.get_mut(kernel) {
            busy.forget = true;
        }
        self.idle.remove(kernel).map(|(_, live)| live)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Numbers = Kernels<u32, &'static str>;

    #[test]
    fn jobs_of_one_kernel_wait_for_each_other_and_those_of_others_do_not() {
        let mut kernels = Numbers::new(8);
        assert_eq!(kernels.begin("a", "first"), Some(("first", None)));
        assert_eq!(kernels.begin("a", "second"), None);
        assert_eq!(kernels.begin("a", "third"), None);
        assert_eq!(kernels.begin("b", "other"), Some(("other", None)));
        assert_eq!(kernels.end("a", Some(1)), (Some(("second", Some(1))), None));
        assert_eq!(kernels.end("a", None), (Some(("third", None)), None));
        assert_eq!(kernels.end("a", Some(2)), (None, None));
        assert_eq!(kernels.begin("a", "fourth"), Some(("fourth", Some(2))));
    }

    #[test]
    fn the_kernel_that_has_been_idle_for_longest_goes_first() {
        let mut kernels = Numbers::new(2);
        let mut use_once = |kernel, live| {
            kernels.begin(kernel, "");
            kernels.end(kernel, Some(live)).1
        };
        assert_eq!(use_once("a", 1), None);
        assert_eq!(use_once("b", 2), None);
        assert_eq!(use_once("a", 1), None);
        assert_eq!(use_once("c", 3), Some(2));
        assert_eq!(kernels.begin("b", ""), Some(("", None)));
        assert_eq!(kernels.begin("a", ""), Some(("", Some(1))));
    }

    #[test]
    fn a_borrowed_kernel_lets_jobs_wait_and_a_busy_one_is_not_lent() {
        let mut kernels = Numbers::new(2);
        assert_eq!(kernels.borrow("a"), None);
        kernels.begin("a", "first");
        assert_eq!(kernels.borrow("a"), None);
        kernels.end("a", Some(1));
        assert_eq!(kernels.borrow("a"), Some(1));
        assert_eq!(kernels.begin("a", "second"), None);
        assert_eq!(kernels.end("a", Some(1)), (Some(("second", Some(1))), None));
    }

    #[test]
    fn a_forgotten_kernel_is_not_alive_for_the_next_job() {
        let mut kernels = Numbers::new(2);
        kernels.begin("a", "");
        kernels.end("a", Some(1));
        assert_eq!(kernels.forget("a"), Some(1));
        kernels.begin("a", "first");
        kernels.begin("a", "second");
        assert_eq!(kernels.forget("a"), None);
        assert_eq!(kernels.end("a", Some(2)), (Some(("second", None)), Some(2)));
        assert_eq!(kernels.end("a", Some(3)), (None, None));
        assert_eq!(kernels.begin("a", ""), Some(("", Some(3))));
    }
}
