//! Promises about runs, on a real libSQL file.

use std::sync::Arc;

use crate::support::{NOW, end, event, fixture, new_run};
use selvedge_ports::shapes::{EventKind, NewRun, RunError, RunStatus};
use selvedge_ports::{ErrorKind, Workspace as _};
use selvedge_protocol::{Seal, limits};

#[tokio::test]
async fn a_run_is_stored_with_its_limits_and_comes_back() {
    let at = fixture().await;
    let mut new = new_run("print(1)");
    new.stdin = Some("in".to_owned());
    new.limits.wall_ms = Some(limits::WALL_MS_MAX);
    let started = at.workspace.start_run(&new).await.unwrap();
    assert!(started.fresh);
    let run = started.run;
    assert_eq!(
        (run.code.as_str(), run.stdin.as_deref(), run.status),
        ("print(1)", Some("in"), RunStatus::Queued)
    );
    assert_eq!((run.limits.wall_ms, run.limits.fuel), (limits::WALL_MS_MAX, limits::FUEL_DEFAULT));
    assert_eq!(
        (run.limits.memory_bytes, run.limits.output_bytes),
        (limits::MEMORY_BYTES_DEFAULT, limits::OUTPUT_BYTES_DEFAULT)
    );
    assert_eq!((run.created_at, run.lease_until, run.last_seq), (NOW, NOW + limits::LEASE_MS, 0));
    assert_eq!(at.workspace.get_run(&run.id).await.unwrap(), run);
    assert_eq!(at.workspace.get_run("run_none").await.unwrap_err().kind, ErrorKind::NotFound);
    new.project = "prj_none".to_owned();
    assert_eq!(at.workspace.start_run(&new).await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_cells_run_takes_code_and_kernel_from_the_cell() {
    let at = fixture().await;
    at.workspace.create_project("prj_b", "B", "usr_b").await.unwrap();
    let notebook = at
        .workspace
        .create_notebook("prj_a", "N", &["x = 1".to_owned(), "x".to_owned()])
        .await
        .unwrap();
    let cell_run = |cell: usize| NewRun {
        code: None,
        cell: Some(notebook.cells[cell].id.clone()),
        ..new_run("")
    };
    let first = at.workspace.start_run(&cell_run(0)).await.unwrap().run;
    let second = at.workspace.start_run(&cell_run(1)).await.unwrap().run;
    assert_eq!((first.code.as_str(), second.code.as_str()), ("x = 1", "x"));
    assert!(first.kernel.is_some() && first.kernel == second.kernel);
    assert_eq!(first.notebook.as_deref(), Some(notebook.summary.id.as_str()));
    let stored = at.workspace.get_notebook(&notebook.summary.id).await.unwrap();
    assert_eq!(stored.cells[0].last_run.as_deref(), Some(first.id.as_str()));
    let foreign = NewRun {
        project: "prj_b".to_owned(),
        ..cell_run(0)
    };
    assert_eq!(at.workspace.start_run(&foreign).await.unwrap_err().kind, ErrorKind::NotFound);
    let both = NewRun {
        code: Some("y".to_owned()),
        ..cell_run(0)
    };
    assert_eq!(at.workspace.start_run(&both).await.unwrap_err().field.as_deref(), Some("code"));
}

#[tokio::test]
async fn every_bound_holds_at_the_bound_and_not_one_past_it() {
    let at = fixture().await;
    let text = |bytes: u64| "x".repeat(usize::try_from(bytes).unwrap());
    type Set = fn(&mut NewRun, u64);
    let bounds: [(&str, u64, u64, Set); 4] = [
        ("limits.wall_ms", limits::WALL_MS_MIN, limits::WALL_MS_MAX, |run, to| {
            run.limits.wall_ms = Some(to)
        }),
        ("limits.fuel", limits::FUEL_MIN, limits::FUEL_MAX, |run, to| {
            run.limits.fuel = Some(to)
        }),
        (
            "limits.memory_bytes",
            limits::MEMORY_BYTES_MIN,
            limits::MEMORY_BYTES_MAX,
            |run, to| run.limits.memory_bytes = Some(to),
        ),
        (
            "limits.output_bytes",
            limits::OUTPUT_BYTES_MIN,
            limits::OUTPUT_BYTES_MAX,
            |run, to| run.limits.output_bytes = Some(to),
        ),
    ];
    for (field, least, most, set) in bounds {
        for (value, allowed) in [
            (least - 1, false),
            (least, true),
            (most, true),
            (most + 1, false),
            (u64::MAX, false),
        ] {
            let mut new = new_run("1");
            set(&mut new, value);
            match at.workspace.start_run(&new).await {
                Ok(_) => assert!(allowed, "{field} = {value}"),
                Err(refused) => assert_eq!(
                    (refused.kind, refused.field.as_deref(), allowed),
                    (ErrorKind::Invalid, Some(field), false),
                    "{value}"
                ),
            }
        }
    }
    let refused = |new: NewRun| {
        let workspace = Arc::clone(&at.workspace);
        async move { workspace.start_run(&new).await.err().and_then(|error| error.field) }
    };
    assert_eq!(refused(new_run(&text(limits::CODE_BYTES_MAX))).await, None);
    assert_eq!(refused(new_run(&text(limits::CODE_BYTES_MAX + 1))).await.as_deref(), Some("code"));
    assert_eq!(refused(new_run("a\0b")).await.as_deref(), Some("code"));
    assert_eq!(refused(NewRun { code: None, ..new_run("") }).await.as_deref(), Some("code"));
    assert_eq!(
        refused(NewRun {
            stdin: Some(text(limits::STDIN_BYTES_MAX)),
            ..new_run("1")
        })
        .await,
        None
    );
    assert_eq!(
        refused(NewRun {
            stdin: Some(text(limits::STDIN_BYTES_MAX + 1)),
            ..new_run("1")
        })
        .await
        .as_deref(),
        Some("stdin")
    );
    assert_eq!(
        refused(NewRun {
            language: "cobol".to_owned(),
            ..new_run("1")
        })
        .await
        .as_deref(),
        Some("language")
    );
    assert_eq!(
        refused(NewRun {
            idempotency_key: Some(String::new()),
            ..new_run("1")
        })
        .await
        .as_deref(),
        Some("Idempotency-Key")
    );
    assert_eq!(
        refused(NewRun {
            idempotency_key: Some(text(256)),
            ..new_run("1")
        })
        .await
        .as_deref(),
        Some("Idempotency-Key")
    );
    assert_eq!(
        refused(NewRun {
            idempotency_key: Some(text(255)),
            ..new_run("1")
        })
        .await,
        None
    );
}

#[tokio::test]
async fn the_same_key_names_the_same_run_for_a_day_and_for_one_caller() {
    let at = fixture().await;
    let keyed = |code: &str| NewRun {
        idempotency_key: Some("k".to_owned()),
        ..new_run(code)
    };
    let first = at.workspace.start_run(&keyed("1")).await.unwrap().run;
    let again = at.workspace.start_run(&keyed("1")).await.unwrap();
    assert_eq!((again.run.id.as_str(), again.fresh), (first.id.as_str(), false));
    let refused = at.workspace.start_run(&keyed("2")).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.code.as_str()),
        (ErrorKind::Conflict, "run.idempotency_mismatch")
    );
    assert!(
        at.workspace
            .start_run(&NewRun {
                created_by: "usr_b".to_owned(),
                ..keyed("1")
            })
            .await
            .unwrap()
            .fresh
    );
    assert_eq!(at.workspace.list_runs("prj_a", None, 100).await.unwrap().len(), 2);
    at.clock.advance(24 * 60 * 60 * 1_000 - 1);
    assert!(!at.workspace.start_run(&keyed("1")).await.unwrap().fresh);
    at.clock.advance(1);
    assert!(at.workspace.start_run(&keyed("2")).await.unwrap().fresh);
}

#[tokio::test]
async fn a_refused_run_leaves_its_key_free_and_no_trace() {
    let at = fixture().await;
    let new = NewRun {
        idempotency_key: Some("k".to_owned()),
        code: None,
        cell: Some("cel_none".to_owned()),
        ..new_run("")
    };
    assert_eq!(at.workspace.start_run(&new).await.unwrap_err().kind, ErrorKind::NotFound);
    assert!(
        at.workspace
            .start_run(&NewRun {
                idempotency_key: Some("k".to_owned()),
                ..new_run("1")
            })
            .await
            .unwrap()
            .fresh
    );
    assert_eq!(at.workspace.list_runs("prj_a", None, 100).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_callers_with_one_key_exactly_one_starts_a_run() {
    let at = fixture().await;
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let workspace = Arc::clone(&at.workspace);
            let new = NewRun {
                idempotency_key: Some("k".to_owned()),
                ..new_run("1")
            };
            tokio::spawn(async move { workspace.start_run(&new).await.unwrap() })
        })
        .collect();
    let mut fresh = 0;
    let mut ids = std::collections::HashSet::new();
    for caller in callers {
        let started = caller.await.unwrap();
        fresh += usize::from(started.fresh);
        ids.insert(started.run.id);
    }
    assert_eq!((fresh, ids.len()), (1, 1));
}

#[tokio::test]
async fn runs_are_listed_newest_first_in_pages() {
    let at = fixture().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        at.clock.advance(1);
        ids.insert(0, at.workspace.start_run(&new_run("1")).await.unwrap().run.id);
    }
    let page = at.workspace.list_runs("prj_a", None, 3).await.unwrap();
    assert_eq!(
        page.iter().map(|run| &run.id).collect::<Vec<_>>(),
        ids[..3].iter().collect::<Vec<_>>()
    );
    let rest = at.workspace.list_runs("prj_a", Some(&page[2].id), 1_000_000).await.unwrap();
    assert_eq!(
        rest.iter().map(|run| &run.id).collect::<Vec<_>>(),
        ids[3..].iter().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_report_moves_the_run_and_can_be_repeated() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    let first = [event(1, EventKind::Started), event(2, EventKind::Stdout)];
    at.clock.advance(1_000);
    let run = at.workspace.append_events(&id, &first, None).await.unwrap();
    assert_eq!((run.status, run.started_at, run.last_seq), (RunStatus::Running, Some(NOW + 1), 2));
    assert_eq!(run.lease_until, NOW + 1_000 + limits::LEASE_MS);
    at.clock.advance(1_000);
    let run = at.workspace.append_events(&id, &first, None).await.unwrap();
    assert_eq!((run.last_seq, run.lease_until), (2, NOW + 2_000 + limits::LEASE_MS));
    let overlapping = [event(2, EventKind::Stdout), event(3, EventKind::Value)];
    let mut failed = end(RunStatus::Failed);
    failed.error = Some(RunError {
        type_name: "ValueError".to_owned(),
        message: "nul \0 in it".to_owned(),
        traceback: String::new(),
    });
    for _ in 0..2 {
        let run = at.workspace.append_events(&id, &overlapping, Some(&failed)).await.unwrap();
        assert_eq!((run.status, run.last_seq, run.ended_at), (RunStatus::Failed, 4, Some(NOW + 2_000)));
        assert_eq!(
            (run.fuel, run.duration_ms, run.cost, &run.error),
            (Some(7), Some(3), Some(1), &failed.error)
        );
    }
    let stored = at.workspace.events(&id, 0, 100).await.unwrap();
    assert_eq!(
        stored[..3],
        [
            event(1, EventKind::Started),
            event(2, EventKind::Stdout),
            event(3, EventKind::Value)
        ]
    );
    assert_eq!((stored.len(), stored[3].kind, stored[3].seq), (4, EventKind::Ended, 4));
    let ended: serde_json::Value = serde_json::from_str(&stored[3].data).unwrap();
    assert_eq!(
        ended,
        serde_json::json!({"cost": 1, "duration_ms": 3, "fuel": 7, "status": "failed", "truncated": false})
    );
    assert_eq!(at.workspace.events(&id, 2, 1).await.unwrap(), stored[2..3]);
    assert!(at.workspace.events(&id, 4, 100).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_gap_is_refused_and_nothing_of_the_report_is_stored() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    at.workspace
        .append_events(&id, &[event(1, EventKind::Started)], None)
        .await
        .unwrap();
    for sent in [
        vec![event(3, EventKind::Stdout)],
        vec![event(2, EventKind::Stdout), event(4, EventKind::Stdout)],
    ] {
        let refused = at
            .workspace
            .append_events(&id, &sent, Some(&end(RunStatus::Succeeded)))
            .await
            .unwrap_err();
        assert_eq!((refused.kind, refused.code.as_str()), (ErrorKind::Conflict, "run.event_gap"));
        assert!(refused.message.contains("from 2 on"), "{}", refused.message);
    }
    let run = at.workspace.get_run(&id).await.unwrap();
    assert_eq!((run.status, run.last_seq), (RunStatus::Running, 1));
    assert_eq!(
        at.workspace
            .append_events("run_none", &[event(1, EventKind::Started)], None)
            .await
            .unwrap_err()
            .kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn an_ended_run_takes_only_what_it_has() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    let log = [event(1, EventKind::Started), event(2, EventKind::Stdout)];
    at.workspace
        .append_events(&id, &log, Some(&end(RunStatus::Succeeded)))
        .await
        .unwrap();
    let before = at.workspace.events(&id, 0, 100).await.unwrap();
    at.workspace.append_events(&id, &[], None).await.unwrap();
    at.workspace.append_events(&id, &log[1..], None).await.unwrap();
    for (events, ending) in [
        (vec![], Some(end(RunStatus::Lost))),
        (vec![event(3, EventKind::Stdout)], None),
        (vec![event(2, EventKind::Stderr)], None),
        (
            log.to_vec(),
            Some(selvedge_ports::shapes::RunEnd {
                cost: 2,
                ..end(RunStatus::Succeeded)
            }),
        ),
    ] {
        let refused = at.workspace.append_events(&id, &events, ending.as_ref()).await.unwrap_err();
        assert_eq!(
            (refused.kind, refused.code.as_str()),
            (ErrorKind::Conflict, "run.ended"),
            "{events:?} {ending:?}"
        );
    }
    assert!(!at.workspace.request_cancel(&id).await.unwrap().cancel_requested);
    assert_eq!(at.workspace.events(&id, 0, 100).await.unwrap(), before);
}

#[tokio::test]
async fn the_ended_event_comes_from_the_end_only() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    let refused = at
        .workspace
        .append_events(&id, &[event(1, EventKind::Ended)], None)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Invalid);
    let refused = at
        .workspace
        .append_events(&id, &[], Some(&end(RunStatus::Running)))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Invalid);
    let with_own = [event(1, EventKind::Started), event(2, EventKind::Ended)];
    let run = at
        .workspace
        .append_events(&id, &with_own, Some(&end(RunStatus::Succeeded)))
        .await
        .unwrap();
    assert_eq!(run.last_seq, 2);
    at.workspace
        .append_events(&id, &with_own, Some(&end(RunStatus::Succeeded)))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_event_that_is_far_too_large_is_refused() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    let mut large = event(1, EventKind::Stdout);
    large.data = "x".repeat(selvedge_workspace::EVENT_BYTES_MAX);
    at.workspace.append_events(&id, std::slice::from_ref(&large), None).await.unwrap();
    large = selvedge_ports::shapes::RunEvent {
        seq: 2,
        data: large.data + "x",
        ..large
    };
    let refused = at.workspace.append_events(&id, &[large], None).await.unwrap_err();
    assert_eq!((refused.kind, refused.field.as_deref()), (ErrorKind::Invalid, Some("events")));
}

#[tokio::test]
async fn a_silent_run_expires_and_a_heartbeat_keeps_it() {
    let at = fixture().await;
    let silent = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    let alive = at.workspace.start_run(&new_run("2")).await.unwrap().run.id;
    let ended = at.workspace.start_run(&new_run("3")).await.unwrap().run.id;
    at.workspace
        .append_events(&ended, &[], Some(&end(RunStatus::Cancelled)))
        .await
        .unwrap();
    at.clock.advance(limits::LEASE_RENEW_MS);
    at.workspace.append_events(&alive, &[], None).await.unwrap();
    let expired = |now: u64| {
        let workspace = Arc::clone(&at.workspace);
        async move {
            workspace
                .expired_runs(now, 10)
                .await
                .unwrap()
                .into_iter()
                .map(|run| run.id)
                .collect::<Vec<_>>()
        }
    };
    assert!(expired(NOW + limits::LEASE_MS).await.is_empty());
    assert_eq!(expired(NOW + limits::LEASE_MS + 1).await, std::slice::from_ref(&silent));
    assert_eq!(expired(NOW + 10 * limits::LEASE_MS).await, [silent, alive]);
}

#[tokio::test]
async fn a_cancel_is_remembered() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    for _ in 0..2 {
        assert!(at.workspace.request_cancel(&id).await.unwrap().cancel_requested);
    }
    assert!(at.workspace.append_events(&id, &[], None).await.unwrap().cancel_requested);
    assert_eq!(at.workspace.request_cancel("run_none").await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn each_project_has_a_key_of_its_own_that_stays() {
    let at = fixture().await;
    at.workspace.create_project("prj_b", "B", "usr_b").await.unwrap();
    let seal = async |project: &str| {
        let run = NewRun {
            project: project.to_owned(),
            ..new_run("1")
        };
        at.workspace.start_run(&run).await.unwrap().seal
    };
    let (a, b) = (seal("prj_a").await, seal("prj_b").await);
    assert!(Seal::from_hex(a.clone()).bytes().is_some_and(|key| key != [0; 32]), "{a}");
    assert_ne!(a, b);
    // Somebody tries to make the project a second time.
    at.workspace.create_project("prj_a", "A", "usr_b").await.unwrap_err();
    assert_eq!(seal("prj_a").await, a);
}
