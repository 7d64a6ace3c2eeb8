//! Runs.

use selvedge_ports::id::Kind;
use selvedge_ports::shapes::{KeptRun, NewRun, Run, RunLimits, StartedRun, Statement};
use selvedge_ports::{Error, ErrorKind, Result, TimestampMs};
use selvedge_protocol::limits::LEASE_MS;
use sha2::{Digest, Sha256};

use super::{notebooks, projects};
use crate::store::{cells, last, projects as store_projects, runs};
use crate::{CHECKPOINTS_ASKED_MAX, IDEMPOTENCY_MS, RUNS_LISTED_MAX, Workspace, check};

pub(super) async fn start(at: &Workspace, new: &NewRun) -> Result<StartedRun> {
    let limits = check::run(new)?;
    let digest = digest(new);
    let id = at.new_id(Kind::Run);
    let now = at.clock.now();
    let mut batch = Vec::new();
    if new.idempotency_key.is_some() {
        batch.push(runs::forget_keys(now.saturating_sub(IDEMPOTENCY_MS)));
    }
    batch.extend([
        insert(&id, new, limits, now),
        runs::insert_program(id.as_str(), new.code.as_deref(), new.stdin.as_deref()),
    ]);
    if let Some(key) = &new.idempotency_key {
        batch.push(runs::insert_key(
            new.created_by.as_str(),
            key.as_str(),
            &digest[..],
            id.as_str(),
            now,
        ));
    }
    if let Some(cell) = &new.cell {
        batch.push(cells::ran(cell.as_str(), id.as_str()));
    }
    batch.extend([
        store_projects::seal(new.project.as_str()),
        runs::find_key(new.created_by.as_str(), new.idempotency_key.as_deref()),
        runs::find(id),
    ]);
    let done = at.sql.batch(batch).await?;
    let (project, key) = match done.as_slice() {
        [.., project, key, _] => (project.first(), key.first()),
        _ => (None, None),
    };
    let (seal, private) = match project {
        Some(row) => (row.text(0)?, row.flag(1)?),
        None => Default::default(),
    };
    if let Some(run) = runs::all(last(&done)?)?.pop() {
        let fresh = true;
        return Ok(StartedRun { run, fresh, seal, private });
    }
    match key {
        Some(row) if row.blob(1)? == digest => Ok(StartedRun {
            run: get(at, &row.text(0)?).await?,
            fresh: false,
            seal,
            private,
        }),
        Some(_) => Err(Error::new(
            ErrorKind::Conflict,
            "run.idempotency_mismatch",
            "This Idempotency-Key was used for another request within the last day. Nothing was started; use a new key.",
        )),
        None if new.cell.is_some() => Err(notebooks::cell_not_found()),
        None => Err(projects::not_found()),
    }
}

fn insert(id: &str, new: &NewRun, limits: RunLimits, now: TimestampMs) -> Statement {
    let RunLimits {
        wall_ms,
        fuel,
        memory_bytes,
        output_bytes,
    } = limits;
    let (project, by, language) = (new.project.as_str(), new.created_by.as_str(), new.language.as_str());
    let (lease, key) = (now + LEASE_MS, new.idempotency_key.as_deref());
    match new.cell.as_deref() {
        Some(cell) => runs::insert_of_cell(
            id,
            project,
            by,
            language,
            wall_ms,
            fuel,
            memory_bytes,
            output_bytes,
            now,
            lease,
            key,
            cell,
        ),
        None => runs::insert(
            id,
            project,
            by,
            language,
            wall_ms,
            fuel,
            memory_bytes,
            output_bytes,
            now,
            lease,
            key,
        ),
    }
}

/// What must be the same when an Idempotency-Key is used again: everything that was asked for.
fn digest(new: &NewRun) -> [u8; 32] {
    let asked = serde_json::json!([
        new.project,
        new.cell,
        new.language,
        new.code,
        new.stdin,
        new.limits,
        new.interactive,
        new.task
    ]);
    Sha256::digest(asked.to_string()).into()
}

pub(super) async fn get(at: &Workspace, id: &str) -> Result<Run> {
    runs::all(&at.sql.query(runs::find(id)).await?)?.pop().ok_or_else(not_found)
}

pub(super) async fn list(at: &Workspace, project: &str, before: Option<&str>, limit: u32) -> Result<Vec<Run>> {
    runs::all(
        &at.sql
            .query(runs::list(project, before, u64::from(limit.min(RUNS_LISTED_MAX))))
            .await?,
    )
}

pub(super) async fn kept(at: &Workspace, kernel: &str, checkpoints: &[u64]) -> Result<Vec<KeptRun>> {
    let asked = checkpoints.get(..CHECKPOINTS_ASKED_MAX).unwrap_or(checkpoints);
    let asked = serde_json::Value::from(asked).to_string();
    runs::all_kept(&at.sql.query(runs::kept(kernel, asked)).await?)
}

pub(super) async fn cancel(at: &Workspace, run: &str) -> Result<Run> {
    let done = at.sql.batch(vec![runs::cancel(run), runs::find(run)]).await?;
    runs::all(last(&done)?)?.pop().ok_or_else(not_found)
}

pub(super) async fn expired(at: &Workspace, now: TimestampMs, max: u32) -> Result<Vec<Run>> {
    runs::all(&at.sql.query(runs::expired(now, u64::from(max))).await?)
}

/// No such run.
pub(super) fn not_found() -> Error {
    Error::not_found("run.not_found", "There is no such run.")
}
