//! A workspace domain on a real libSQL file.

use std::sync::Arc;

use selvedge_database::Embedded;
use selvedge_ports::Workspace as _;
use selvedge_ports::fake::{ManualClock, SeededEntropy};
use selvedge_ports::shapes::{EventKind, LimitsRequest, NewRun, RunEnd, RunEvent, RunStatus};
use selvedge_workspace::Workspace;
use tempfile::TempDir;

pub(crate) const NOW: u64 = 1_700_000_000_000;

pub(crate) struct Fixture {
    pub(crate) sql: Arc<Embedded>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) workspace: Arc<Workspace>,
    _directory: TempDir,
}

/// With the project `prj_a`.
pub(crate) async fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let sql = Arc::new(Embedded::open(&directory.path().join("test.db")).unwrap());
    let clock = Arc::new(ManualClock::at(NOW));
    let workspace = Arc::new(Workspace::new(sql.clone(), clock.clone(), Arc::new(SeededEntropy::new(1))));
    workspace.migrate().await.unwrap();
    workspace.create_project("prj_a", "A", "usr_a").await.unwrap();
    Fixture {
        sql,
        clock,
        workspace,
        _directory: directory,
    }
}

pub(crate) fn new_run(code: &str) -> NewRun {
    NewRun {
        project: "prj_a".to_owned(),
        created_by: "usr_a".to_owned(),
        cell: None,
        language: "python".to_owned(),
        code: Some(code.to_owned()),
        stdin: None,
        interactive: false,
        task: "\"run\"".to_owned(),
        limits: LimitsRequest {
            wall_ms: None,
            fuel: None,
            memory_bytes: None,
            output_bytes: None,
        },
        idempotency_key: None,
    }
}

pub(crate) fn event(seq: u64, kind: EventKind) -> RunEvent {
    RunEvent {
        seq,
        kind,
        at: NOW + seq,
        data: format!("{{\"n\":{seq}}}"),
    }
}

pub(crate) fn end(status: RunStatus) -> RunEnd {
    RunEnd {
        status,
        fuel: 7,
        duration_ms: 3,
        cost: 1,
        error: None,
        truncated: false,
        checkpoint: None,
        receipt: None,
    }
}
