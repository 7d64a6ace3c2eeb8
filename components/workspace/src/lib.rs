//! Projects, notebooks, cells, runs and their events: the workspace domain over the sql, clock and entropy ports.
//!
//! There are no interactive transactions: every write is one atomic batch whose statements carry their own conditions, and whose last one
//! reads what came of it. That a run ends once and that its events have no gaps is kept by triggers (`migrations/`), whoever writes.

mod check;
mod service;
mod store;

use std::sync::Arc;

use selvedge_ports::migrate::Migration;
use selvedge_ports::{Clock, Entropy, Sql, id};

/// This domain's name: the prefix of its tables.
pub const DOMAIN: &str = "workspace";

/// This domain's migrations, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        sql: include_str!("../migrations/0001_notebooks_and_runs.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("../migrations/0002_seals.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("../migrations/0003_questions.sql"),
    },
    Migration {
        number: 4,
        sql: include_str!("../migrations/0004_checkpoints.sql"),
    },
    Migration {
        number: 5,
        sql: include_str!("../migrations/0005_receipts.sql"),
    },
];

/// Most cells of one notebook.
pub const CELLS_MAX: usize = 1_000;
/// Longest name of a project or notebook, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Longest Idempotency-Key, in characters.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 255;
/// How long an Idempotency-Key names its run: one day.
pub const IDEMPOTENCY_MS: u64 = 24 * 60 * 60 * 1_000;
/// Most notebooks in one list.
pub const NOTEBOOKS_LISTED_MAX: u64 = 200;
/// Most runs in one list.
pub const RUNS_LISTED_MAX: u32 = 100;
/// Most checkpoints that one question can name.
pub const CHECKPOINTS_ASKED_MAX: usize = 10_000;
/// Most events in one answer.
pub const EVENTS_LISTED_MAX: u32 = 1_000;
/// Data of one event. Nodes send far less (64 KiB); this is where a defect or an attack ends.
pub const EVENT_BYTES_MAX: usize = 2 << 20;

/// The workspace domain. Implements [`selvedge_ports::Workspace`].
pub struct Workspace {
    sql: Arc<dyn Sql>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Workspace {
    /// Over these ports.
    pub fn new(sql: Arc<dyn Sql>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { sql, clock, entropy }
    }

    fn new_id(&self, kind: id::Kind) -> String {
        id::new(kind, &*self.clock, &*self.entropy)
    }
}
