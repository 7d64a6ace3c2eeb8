//! The notebook's state on this page.

use leptos::prelude::*;
use selvedge_contract::{Account, Checkpoints, Notebook};
use serde_json::Value;

use super::Opened;
use super::cell_state::CellState;
use super::drawer::Panel;
use super::history::Change;
use super::variables::Known;
use crate::browser::editor;
use crate::output::around::{Around, Spot};

/// One open notebook. A handle that can be copied into every handler.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    /// `ntb_…`
    pub(crate) id: StoredValue<String>,
    /// `prj_…`
    pub(crate) project: StoredValue<String>,
    /// The visitor's role allows changes and runs.
    pub(crate) may_edit: bool,
    /// In display order.
    pub(crate) cells: RwSignal<Vec<CellState>>,
    /// The cell that keys act on.
    pub(crate) selected: RwSignal<Option<String>>,
    /// First key of a sequence such as `d d`.
    pub(crate) pending_key: StoredValue<Option<String>>,
    /// Nobody answers at the moment.
    pub(crate) is_cut_off: RwSignal<bool>,
    /// Somebody already tries to reach the server again.
    pub(crate) is_reconnecting: StoredValue<bool>,
    /// The project's credits.
    pub(crate) account: RwSignal<Option<Account>>,
    /// What a screen reader says next.
    pub(crate) said: RwSignal<String>,
    /// What went wrong with the last thing asked for.
    pub(crate) problem: RwSignal<Option<String>>,
    /// A cell just removed, which can come back.
    pub(crate) removed: RwSignal<Option<Removed>>,
    /// What the kernel was and is, as far as it is known.
    pub(crate) history: RwSignal<Option<Checkpoints>>,
    /// What the kernel is to become, until that is confirmed.
    pub(crate) change: RwSignal<Option<Change>>,
    /// Where the kernel was before it went back.
    pub(crate) came_from: RwSignal<Option<u64>>,
    /// What names are bound to.
    pub(crate) names: RwSignal<Known>,
    /// What stands beside the cells.
    pub(crate) panel: RwSignal<Option<Panel>>,
    /// Every cell is being run, one after the other.
    pub(crate) is_running_all: RwSignal<bool>,
    /// The keyboard help is open.
    pub(crate) help: RwSignal<bool>,
    /// Counts seconds while something runs.
    pub(crate) second: RwSignal<u64>,
    /// The counter is at work.
    pub(crate) is_ticking: StoredValue<bool>,
}

/// What brings a removed cell back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Removed {
    /// The cell that it came after.
    pub(crate) after: Option<String>,
    /// Its source.
    pub(crate) code: String,
}

impl Sheet {
    /// From what the server handed over.
    pub(crate) fn new(opened: &Opened) -> Self {
        let Notebook {
            id, project, role, cells, ..
        } = &opened.notebook;
        let cells: Vec<CellState> = cells.iter().map(CellState::new).collect();
        Self {
            id: StoredValue::new(id.clone()),
            project: StoredValue::new(project.clone()),
            may_edit: role != "viewer",
            selected: RwSignal::new(cells.first().map(|cell| cell.id.clone())),
            cells: RwSignal::new(cells),
            pending_key: StoredValue::new(None),
            is_cut_off: RwSignal::new(false),
            is_reconnecting: StoredValue::new(false),
            account: RwSignal::new(opened.account.clone()),
            said: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
            removed: RwSignal::new(None),
            history: RwSignal::new(None),
            change: RwSignal::new(None),
            came_from: RwSignal::new(None),
            names: RwSignal::new(Known::default()),
            panel: RwSignal::new(None),
            is_running_all: RwSignal::new(false),
            help: RwSignal::new(false),
            second: RwSignal::new(0),
            is_ticking: StoredValue::new(false),
        }
    }

    /// `/api/v1/notebooks/<id>`.
    pub(crate) fn path(&self) -> String {
        format!("/api/v1/notebooks/{}", self.id.get_value())
    }

    /// Path of a cell.
    pub(crate) fn cell_path(&self, cell: &str) -> String {
        format!("{}/cells/{cell}", self.path())
    }

    /// A cell's place, from 1; zero when it is gone. Tracks the order of cells.
    pub(crate) fn number(&self, cell: &str) -> usize {
        self.cells
            .with(|cells| cells.iter().position(|other| other.id == cell).map_or(0, |at| at + 1))
    }

    /// The cell `by` places after the given one.
    pub(crate) fn neighbour(&self, cell: &str, by: isize) -> Option<CellState> {
        self.cells.with_untracked(|cells| {
            let at = cells.iter().position(|other| other.id == cell)?;
            at.checked_add_signed(by).and_then(|at| cells.get(at).cloned())
        })
    }

    /// The cell that keys act on.
    pub(crate) fn current(&self) -> Option<CellState> {
        let selected = self.selected.get_untracked()?;
        self.cells
            .with_untracked(|cells| cells.iter().find(|cell| cell.id == selected).cloned())
    }

    /// Is any cell running or waiting to?
    pub(crate) fn is_busy(&self) -> bool {
        self.cells.with(|cells| cells.iter().any(|cell| cell.run.is_open()))
    }

    /// Replaces what some cell showed under this name.
    pub(crate) fn replace_named(&self, name: &str, data: &Value) {
        self.cells.with_untracked(|cells| {
            for cell in cells {
                cell.run.replace_named(name, data);
            }
        });
    }

    /// Puts the caret at a place that a traceback names: `cell 3` is the third.
    pub(crate) fn go_to(&self, spot: &Spot) {
        let number = spot.label.strip_prefix("cell ").and_then(|number| number.parse::<usize>().ok());
        let place = number.and_then(|number| number.checked_sub(1));
        let cell = self.cells.with_untracked(|cells| place.and_then(|place| cells.get(place).cloned()));
        match cell {
            Some(cell) => editor::go_to(&cell.id, spot.line, spot.column),
            None => self.said.set(format!("{} is no cell of this notebook.", spot.label)),
        }
    }

    /// What outputs may ask of this notebook.
    pub(crate) fn around(self) -> Around {
        Around {
            go_to: Callback::new(move |spot| self.go_to(&spot)),
            notebook: StoredValue::new(Some(self.path())),
        }
    }
}
