//! A cell as this page knows it: what is typed, what is saved, what it last showed.

use leptos::prelude::*;
use selvedge_contract::Cell;

use super::run_state::RunState;

/// One cell. Cloning makes another handle on the same cell.
#[derive(Clone)]
pub(crate) struct CellState {
    /// `cel_…`
    pub(crate) id: String,
    /// What is typed.
    pub(crate) code: ArcRwSignal<String>,
    /// What the server has.
    pub(crate) saved: ArcRwSignal<Saved>,
    /// How saving goes.
    pub(crate) saving: ArcRwSignal<Saving>,
    /// The source of the newest run, when this page knows it.
    pub(crate) ran: ArcRwSignal<Ran>,
    /// The newest run.
    pub(crate) run: RunState,
    /// The kernel no longer has what the newest run left.
    pub(crate) undone: ArcRwSignal<bool>,
}

/// The server's copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Source.
    pub(crate) code: String,
    /// Its version.
    pub(crate) version: u64,
}

/// How saving goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saving {
    /// Nothing under way.
    Idle,
    /// A save is under way.
    Busy,
    /// It did not arrive; the text is kept here and tried again.
    Waiting,
    /// The server refused the text, and says why.
    Refused(String),
    /// Somebody else changed the cell meanwhile.
    Conflict(Saved),
}

/// What the newest run ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// Exactly this.
    Source(String),
    /// Something older than what is saved.
    Older,
}

impl CellState {
    /// From what the server knows.
    pub(crate) fn new(cell: &Cell) -> Self {
        Self {
            id: cell.id.clone(),
            code: ArcRwSignal::new(cell.code.clone()),
            saved: ArcRwSignal::new(Saved {
                code: cell.code.clone(),
                version: cell.version,
            }),
            saving: ArcRwSignal::new(Saving::Idle),
            ran: ArcRwSignal::new(if cell.stale { Ran::Older } else { Ran::Source(cell.code.clone()) }),
            run: RunState::new(cell.last_run.as_ref()),
            undone: ArcRwSignal::new(false),
        }
    }

    /// Is something typed that the server does not have?
    pub(crate) fn is_dirty(&self) -> bool {
        self.code.with(|code| self.saved.with(|saved| *code != saved.code))
    }

    /// Has the source changed since what is shown was made?
    pub(crate) fn is_stale(&self) -> bool {
        self.run.facts.with(Option::is_some)
            && match self.ran.get() {
                Ran::Source(ran) => self.code.with(|code| *code != ran),
                Ran::Older => true,
            }
    }

    /// Takes over what another tab or person did, where nothing is typed here.
    pub(crate) fn refresh(&self, cell: &Cell) {
        let dirty = untrack(|| self.is_dirty());
        let newer = cell.version > self.saved.with_untracked(|saved| saved.version);
        if newer && !dirty {
            self.saved.set(Saved {
                code: cell.code.clone(),
                version: cell.version,
            });
            self.code.set(cell.code.clone());
        }
        let Some(run) = &cell.last_run else { return };
        // A run that is followed here is told of by its own stream.
        if self.run.is_open_untracked() {
            return;
        }
        let is_known = self.run.facts.with_untracked(|facts| {
            facts
                .as_ref()
                .is_some_and(|facts| facts.id == run.id && facts.last_seq >= run.last_seq)
        });
        if !is_known {
            self.run.replace(run);
            self.ran.set(if cell.stale { Ran::Older } else { Ran::Source(cell.code.clone()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(code: &str, version: u64) -> Cell {
        Cell {
            id: "cel_1".into(),
            code: code.into(),
            version,
            last_run: None,
            stale: false,
        }
    }

    #[test]
    fn a_refresh_never_takes_away_what_is_typed() {
        let state = CellState::new(&cell("a", 1));
        state.code.set("typed".into());
        state.refresh(&cell("theirs", 2));
        assert_eq!(state.code.get_untracked(), "typed");
        assert_eq!(state.saved.get_untracked().version, 1, "so the next save finds the conflict");
    }

    #[test]
    fn a_refresh_brings_what_others_wrote() {
        let state = CellState::new(&cell("a", 1));
        state.refresh(&cell("theirs", 2));
        assert_eq!(state.code.get_untracked(), "theirs");
    }
}
