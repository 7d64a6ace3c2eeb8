//! Whatever a node and the lease do to a run, in any order and any number of times: it ends exactly once, and its events have no gaps.

use std::sync::Arc;

use crate::support::{Fixture, end, event, fixture, new_run};
use selvedge_ports::fake::{LossySql, SeededEntropy};
use selvedge_ports::shapes::{EventKind, NewRun, Run, RunEnd, RunEvent, RunStatus, Statement};
use selvedge_ports::{Entropy, ErrorKind, Sql, Workspace as _};
use selvedge_workspace::Workspace;

fn pick(entropy: &SeededEntropy, below: u64) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_le_bytes(bytes) % below
}

/// What the node has to tell about a run: `started` and some output.
fn node_log(length: u64) -> Vec<RunEvent> {
    (1..=length)
        .map(|seq| event(seq, if seq == 1 { EventKind::Started } else { EventKind::Stdout }))
        .collect()
}

/// Some report that a node could send at some time: any piece of its log, the last one with the outcome, or the edge's verdict that it is lost.
fn any_report(entropy: &SeededEntropy, log: &[RunEvent]) -> (Vec<RunEvent>, Option<RunEnd>) {
    let length = log.len() as u64;
    let from = usize::try_from(pick(entropy, length + 1)).unwrap();
    let to = from + usize::try_from(pick(entropy, length + 1 - from as u64)).unwrap();
    match pick(entropy, 10) {
        0 => (Vec::new(), Some(end(RunStatus::Lost))),
        1 | 2 => (log[from..].to_vec(), Some(end(RunStatus::Succeeded))),
        _ => (log[from..to].to_vec(), None),
    }
}

async fn assert_log_is_whole(at: &Fixture, run: &Run) {
    let events = at.workspace.events(&run.id, 0, 1_000).await.unwrap();
    assert!(events.iter().map(|event| event.seq).eq(1..=run.last_seq), "{events:?}");
    let endings = events.iter().filter(|event| event.kind == EventKind::Ended).count();
    assert_eq!(endings, usize::from(run.ended_at.is_some()), "{events:?}");
    if run.ended_at.is_some() {
        assert_eq!(events.last().map(|event| event.kind), Some(EventKind::Ended));
    }
}

#[tokio::test]
async fn any_sequence_of_reports_with_repeats_and_reorders_ends_the_run_once() {
    for seed in 0..25 {
        let at = fixture().await;
        let entropy = SeededEntropy::new(seed);
        let log = node_log(1 + pick(&entropy, 12));
        let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
        // The model: how much of the log is stored, and how the run ended.
        let mut stored = 0;
        let mut ended: Option<RunStatus> = None;
        for step in 0..60 {
            let (events, ending) = any_report(&entropy, &log);
            let first = events.first().map_or(stored + 1, |event| event.seq);
            let last = events.last().map_or(stored, |event| event.seq);
            let answer = at.workspace.append_events(&id, &events, ending.as_ref()).await;
            let context = format!("seed {seed}, step {step}: {events:?} {ending:?}, stored {stored}, ended {ended:?}");
            let expected = match ended {
                Some(status) => last <= stored && ending.as_ref().is_none_or(|ending| ending.status == status),
                None => first <= stored + 1,
            };
            match answer {
                Ok(run) => {
                    assert!(expected, "{context}");
                    if ended.is_none() {
                        stored = stored.max(last);
                        ended = ending.map(|ending| ending.status);
                    }
                    assert_eq!(run.last_seq, stored + u64::from(ended.is_some()), "{context}");
                    assert_eq!(
                        ended.unwrap_or(if stored == 0 { RunStatus::Queued } else { RunStatus::Running }),
                        run.status,
                        "{context}"
                    );
                }
                Err(refused) => {
                    assert_eq!((refused.kind, expected), (ErrorKind::Conflict, false), "{context}");
                }
            }
            assert_log_is_whole(&at, &at.workspace.get_run(&id).await.unwrap()).await;
        }
    }
}

async fn report_until_ended(workspace: &Workspace, id: &str, log: &[RunEvent], entropy: &SeededEntropy) {
    for _ in 0..40 {
        let (events, ending) = any_report(entropy, log);
        if let Err(refused) = workspace.append_events(id, &events, ending.as_ref()).await {
            assert_eq!(refused.kind, ErrorKind::Conflict, "{refused:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reporters_at_the_same_time_end_the_run_once() {
    let at = fixture().await;
    let log = node_log(10);
    for round in 0..10 {
        let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
        let reporters: Vec<_> = (0..6)
            .map(|reporter| {
                let (workspace, id, log) = (Arc::clone(&at.workspace), id.clone(), log.clone());
                tokio::spawn(async move { report_until_ended(&workspace, &id, &log, &SeededEntropy::new(round * 100 + reporter)).await })
            })
            .collect();
        for reporter in reporters {
            reporter.await.unwrap();
        }
        // In the end the lease passes, unless a reporter was faster.
        let _ = at.workspace.append_events(&id, &[], Some(&end(RunStatus::Lost))).await;
        let run = at.workspace.get_run(&id).await.unwrap();
        assert!(run.ended_at.is_some());
        assert_log_is_whole(&at, &run).await;
    }
}

#[tokio::test]
async fn the_database_itself_keeps_ended_runs_and_stored_events() {
    let at = fixture().await;
    let id = at.workspace.start_run(&new_run("1")).await.unwrap().run.id;
    at.workspace
        .append_events(&id, &node_log(2), Some(&end(RunStatus::Succeeded)))
        .await
        .unwrap();
    for forbidden in [
        "UPDATE workspace_runs SET status = 'lost'",
        "UPDATE workspace_runs SET ended_at = NULL, status = 'running'",
        "UPDATE workspace_events SET data = '{}'",
        "INSERT INTO workspace_events SELECT run, 9, 'stdout', 1, '{}' FROM workspace_events WHERE seq = 1",
        "INSERT INTO workspace_events SELECT run, 4, 'stdout', 1, '{}' FROM workspace_events WHERE seq = 1",
    ] {
        let refused = at.sql.query(Statement::new(forbidden, [])).await;
        assert!(
            matches!(refused, Err(selvedge_ports::shapes::SqlError::Constraint(_))),
            "{forbidden}: {refused:?}"
        );
    }
}

/// What a node does whose reports get lost, or whose answers do: it reports the same again, with what has come meanwhile, until the end is taken.
async fn report_like_a_node(workspace: &Workspace, id: &str, log: &[RunEvent], entropy: &SeededEntropy) {
    let mut known = 0;
    loop {
        let until = (known + 1 + usize::try_from(pick(entropy, 3)).unwrap()).min(log.len());
        let ending = (until == log.len()).then(|| end(RunStatus::Succeeded));
        match workspace.append_events(id, &log[known..until], ending.as_ref()).await {
            Ok(run) if ending.is_some() => {
                assert_eq!(run.status, RunStatus::Succeeded);
                return;
            }
            Ok(_) => known = until,
            Err(error) => assert_eq!(error.kind, ErrorKind::Unavailable, "{error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_store_that_loses_calls_and_answers_every_run_ends_with_its_whole_log() {
    let at = fixture().await;
    let log = node_log(12);
    let nodes: Vec<_> = (0..8)
        .map(|node| {
            let lossy = Arc::new(LossySql::new(at.sql.clone(), node));
            let workspace = Workspace::new(lossy, at.clock.clone(), Arc::new(SeededEntropy::new(1_000 + node)));
            let log = log.clone();
            tokio::spawn(async move {
                let entropy = SeededEntropy::new(node);
                let mut ids = Vec::new();
                for n in 0..15 {
                    // A caller whose answer was lost asks again with the same key.
                    let new = NewRun {
                        idempotency_key: Some(format!("{node}/{n}")),
                        ..new_run("1")
                    };
                    let started = loop {
                        match workspace.start_run(&new).await {
                            Ok(started) => break started,
                            Err(error) => assert_eq!(error.kind, ErrorKind::Unavailable, "{error:?}"),
                        }
                    };
                    report_like_a_node(&workspace, &started.run.id, &log, &entropy).await;
                    ids.push(started.run.id);
                }
                ids
            })
        })
        .collect();
    let mut count = 0;
    for node in nodes {
        for id in node.await.unwrap() {
            let run = at.workspace.get_run(&id).await.unwrap();
            assert_log_is_whole(&at, &run).await;
            assert_eq!((run.status, run.last_seq), (RunStatus::Succeeded, 13));
            count += 1;
        }
    }
    let stored = at
        .sql
        .query(Statement::new("SELECT count(*) FROM workspace_runs", []))
        .await
        .unwrap();
    assert_eq!(stored.first().unwrap().int(0).unwrap(), count, "one run for each key");
}
