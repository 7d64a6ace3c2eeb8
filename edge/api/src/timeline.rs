//! A kernel's history as people see it: what it was after each cell, and which of that is in what it is now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use selvedge_contract::time::rfc3339;
use selvedge_contract::{Checkpoint, Checkpoints};
use selvedge_ports::shapes::KeptRun;
use selvedge_protocol::kernels::{History, Moment};

use crate::present;

/// What a node keeps of one kernel.
#[derive(Debug)]
pub struct Timeline {
    kernel: String,
    moments: BTreeMap<u64, Moment>,
    newest: Option<u64>,
}

impl Timeline {
    /// Of this kernel.
    pub fn new(kernel: &str, history: History) -> Self {
        let moments = history.checkpoints.into_iter().map(|moment| (moment.number, moment)).collect();
        Self {
            kernel: kernel.to_owned(),
            moments,
            newest: history.newest,
        }
    }

    /// The checkpoint that the kernel is at; 0 when it is empty.
    pub fn current(&self) -> u64 {
        self.newest.map_or(0, |newest| self.stands_for(newest))
    }

    /// The checkpoint that `number` says again: going back leaves one that says nothing of its own.
    pub fn stands_for(&self, mut number: u64) -> u64 {
        // Parents are older, so this ends.
        while let Some(before) = self
            .moments
            .get(&number)
            .filter(|moment| moment.same)
            .and_then(|moment| self.before(moment))
        {
            number = before;
        }
        number
    }

    /// The parent of a moment, where it is one of this kernel's that is still kept.
    fn before(&self, moment: &Moment) -> Option<u64> {
        let (kernel, number) = moment.parent.as_ref()?;
        (*kernel == self.kernel && *number < moment.number && self.moments.contains_key(number)).then_some(*number)
    }

    fn parent(&self, number: u64) -> Option<u64> {
        let moment = self.moments.get(&number)?;
        self.before(moment).map(|before| self.stands_for(before))
    }

    /// The checkpoint and all before it.
    pub fn up_to(&self, number: u64) -> BTreeSet<u64> {
        std::iter::successors(Some(self.stands_for(number)), |number| self.parent(*number)).collect()
    }

    /// Where to rewind to in order to undo the newest cell.
    pub fn undo(&self) -> Option<u64> {
        let moment = self.moments.get(&self.current())?;
        match &moment.parent {
            None => Some(0),
            // What began as another kernel's has nothing before that.
            Some(_) => self.parent(moment.number),
        }
    }

    /// The numbers of all checkpoints that say something of their own.
    pub fn numbers(&self) -> Vec<u64> {
        self.moments
            .keys()
            .copied()
            .filter(|number| self.stands_for(*number) == *number)
            .collect()
    }

    /// As the API shows it, with the runs that left the checkpoints.
    pub fn shown(&self, runs: Vec<KeptRun>) -> Checkpoints {
        let applied = self.up_to(self.current());
        let mut runs: HashMap<u64, KeptRun> = runs.into_iter().map(|run| (run.checkpoint, run)).collect();
        let items = self.numbers().into_iter().rev().filter_map(|number| {
            let moment = self.moments.get(&number)?;
            let run = runs.remove(&number);
            Some(Checkpoint {
                number,
                at: rfc3339(moment.at),
                parent: self.parent(number),
                applied: applied.contains(&number),
                cell: run.as_ref().and_then(|run| run.cell.clone()),
                status: run.as_ref().map(|run| present::status(run.status)),
                run: run.map(|run| run.run),
                names: self.names(number),
                bytes: moment.bytes,
            })
        });
        Checkpoints {
            current: self.current(),
            undo: self.undo(),
            items: items.collect(),
        }
    }

    /// The checkpoints that say this state: its own, and those that going back left.
    pub fn saying(&self, number: u64) -> impl Iterator<Item = u64> {
        let number = self.stands_for(number);
        self.moments.keys().copied().filter(move |other| self.stands_for(*other) == number)
    }

    /// The names of a state.
    fn names(&self, number: u64) -> Vec<String> {
        let names: BTreeSet<&String> = self
            .saying(number)
            .filter_map(|same| self.moments.get(&same))
            .flat_map(|moment| &moment.names)
            .collect();
        names.into_iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use selvedge_ports::shapes::RunStatus;

    use super::*;

    fn moment(number: u64, parent: Option<(&str, u64)>, same: bool) -> Moment {
        Moment {
            number,
            at: 1_000 * number,
            parent: parent.map(|(kernel, number)| (kernel.to_owned(), number)),
            same,
            bytes: 10 * number,
            names: Vec::new(),
        }
    }

    fn timeline(moments: Vec<Moment>, newest: Option<u64>) -> Timeline {
        let history = History {
            checkpoints: moments,
            newest,
        };
        Timeline::new("krn_a", history)
    }

    fn numbers(found: &Checkpoints) -> Vec<(u64, bool)> {
        found.items.iter().map(|item| (item.number, item.applied)).collect()
    }

    #[test]
    fn undo_goes_back_cell_by_cell_and_what_was_undone_can_be_seen() {
        let a = |number| Some(("krn_a", number));
        let mut moments = vec![moment(1, None, false), moment(2, a(1), false), moment(3, a(2), false)];
        let found = timeline(moments.clone(), Some(3)).shown(Vec::new());
        assert_eq!((found.current, found.undo), (3, Some(2)));
        assert_eq!(numbers(&found), [(3, true), (2, true), (1, true)]);

        // Undone twice; the second time from a checkpoint that only says an older one again.
        moments.push(moment(4, a(2), true));
        let found = timeline(moments.clone(), Some(4)).shown(Vec::new());
        assert_eq!((found.current, found.undo), (2, Some(1)));
        moments.push(moment(5, a(1), true));
        let found = timeline(moments.clone(), Some(5)).shown(Vec::new());
        assert_eq!((found.current, found.undo), (1, Some(0)));
        assert_eq!(numbers(&found), [(3, false), (2, false), (1, true)]);

        // Another cell from there: the branch that was left stays.
        moments.push(moment(6, a(5), false));
        let found = timeline(moments, Some(6)).shown(Vec::new());
        assert_eq!((found.current, found.undo, found.items[0].parent), (6, Some(1), Some(1)));
        assert_eq!(numbers(&found), [(6, true), (3, false), (2, false), (1, true)]);
    }

    #[test]
    fn an_empty_kernel_has_nothing_to_undo() {
        let found = timeline(Vec::new(), None).shown(Vec::new());
        assert_eq!((found.current, found.undo, found.items.len()), (0, None, 0));
        let restarted = timeline(vec![moment(1, None, false)], None).shown(Vec::new());
        assert_eq!((restarted.current, restarted.undo), (0, None));
        assert_eq!(numbers(&restarted), [(1, false)]);
    }

    #[test]
    fn a_fork_begins_where_it_was_forked() {
        let moments = vec![moment(1, Some(("krn_b", 7)), true), moment(2, Some(("krn_a", 1)), false)];
        let found = timeline(moments.clone(), Some(2)).shown(Vec::new());
        assert_eq!((found.current, found.undo), (2, Some(1)));
        let found = timeline(moments, Some(1)).shown(Vec::new());
        assert_eq!((found.current, found.undo, found.items[1].parent), (1, None, None));
    }

    #[test]
    fn what_is_no_longer_kept_cannot_be_gone_back_to() {
        let found = timeline(vec![moment(9, Some(("krn_a", 8)), false)], Some(9)).shown(Vec::new());
        assert_eq!((found.current, found.undo, found.items[0].parent), (9, None, None));
    }

    #[test]
    fn a_checkpoint_tells_its_run_and_every_name_that_its_state_has() {
        let mut again = moment(2, Some(("krn_a", 1)), true);
        again.names = vec!["b".to_owned()];
        let mut first = moment(1, None, false);
        first.names = vec!["a".to_owned()];
        let run = KeptRun {
            checkpoint: 1,
            run: "run_1".to_owned(),
            cell: Some("cel_1".to_owned()),
            status: RunStatus::Failed,
        };
        let found = timeline(vec![first, again], Some(2)).shown(vec![run]);
        let [only] = found.items.as_slice() else { panic!("{found:?}") };
        assert_eq!((only.run.as_deref(), only.cell.as_deref()), (Some("run_1"), Some("cel_1")));
        assert_eq!(
            (only.status, &only.names[..]),
            (Some(selvedge_contract::Status::Failed), &["a".to_owned(), "b".to_owned()][..])
        );
    }
}
