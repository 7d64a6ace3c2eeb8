//! The thread at the left edge of a cell. It moves while the cell runs, rests when it has finished, is dashed when its output is older than
//! its source, and broken when it failed. The words beside it say the same.

use leptos::prelude::*;
use selvedge_contract::Status;

use super::cell_state::CellState;

/// How a cell's thread looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thread {
    /// Never run: no thread.
    None,
    /// Ordered, not begun.
    Queued,
    /// Moves.
    Running,
    /// Still.
    Finished,
    /// Dashed.
    Stale,
    /// Broken.
    Failed,
}

impl Thread {
    /// Of a cell; tracks it.
    pub(crate) fn of(cell: &CellState) -> Self {
        Self::of_status(cell.run.facts.with(|facts| facts.as_ref().map(|facts| facts.status)), || {
            cell.is_stale() || cell.undone.get()
        })
    }

    /// Of a run, and whether what it showed holds no longer.
    pub(crate) fn of_status(status: Option<Status>, is_stale: impl Fn() -> bool) -> Self {
        match status {
            None => Self::None,
            Some(Status::Queued) => Self::Queued,
            Some(Status::Running) => Self::Running,
            Some(_) if is_stale() => Self::Stale,
            Some(Status::Succeeded) => Self::Finished,
            Some(Status::Failed | Status::TimedOut | Status::Cancelled | Status::Lost) => Self::Failed,
        }
    }

    /// For `data-thread`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stale => "stale",
            Self::Failed => "failed",
        }
    }
}

/// The thread as a drawing; `data-thread` on the cell around it decides how it looks.
pub(crate) fn thread() -> impl IntoView {
    view! {
        <svg class="thread" width="6" aria-hidden="true">
            <line class="thread-whole" x1="3" x2="3" y1="0" y2="100%"></line>
            <line class="thread-piece" x1="3" x2="3" y1="0" y2="46%"></line>
            <line class="thread-piece" x1="3" x2="3" y1="54%" y2="100%"></line>
        </svg>
    }
}
