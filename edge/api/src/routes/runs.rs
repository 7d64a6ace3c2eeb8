//! Runs.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use selvedge_contract::{CreateRun, InputLine, Page, Run, RunAccepted, RunSummary, SignedReceipt};
use serde::Deserialize;

use super::{Refused, accepted};
use crate::request::{IdempotencyKey, JsonBody, Query};
use crate::{Caller, Failure, Platform, operations};

/// Which part of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// 1 to 100, default 50.
    #[serde(default)]
    limit: Option<u32>,
}

/// Run a program
///
/// It runs in a fresh interpreter. The answer comes at once; read the run or follow its events.
#[utoipa::path(post, path = "/api/v1/runs", tag = "runs", request_body = CreateRun,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key within a day answers with the first run.")),
    responses((status = 202, body = RunAccepted, headers(("Location" = String))), Refused))]
pub(crate) async fn create_run(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(new): JsonBody<CreateRun>,
) -> Result<Response, Failure> {
    Ok(accepted(operations::create_run(&platform, &caller, new, key).await?))
}

/// A run, with its output so far
#[utoipa::path(get, path = "/api/v1/runs/{run}", tag = "runs", params(("run" = String, Path, description = "`run_…`")),
    responses((status = 200, body = Run), Refused))]
pub(crate) async fn read_run(State(platform): State<Arc<Platform>>, caller: Caller, Path(run): Path<String>) -> Result<Json<Run>, Failure> {
    Ok(Json(operations::run_view(&platform, &caller, &run).await?))
}

/// What can be checked about a certified run
///
/// For runs that were started with the task `certify` and ended by themselves; anybody can check it with `selvedge verify`.
#[utoipa::path(get, path = "/api/v1/runs/{run}/receipt", tag = "runs", params(("run" = String, Path, description = "`run_…`")),
    responses((status = 200, body = SignedReceipt), Refused))]
pub(crate) async fn read_receipt(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(run): Path<String>,
) -> Result<Json<SignedReceipt>, Failure> {
    Ok(Json(operations::receipt(&platform, &caller, &run).await?))
}

/// The project's runs, newest first
#[utoipa::path(get, path = "/api/v1/projects/{project}/runs", tag = "runs", params(("project" = String, Path, description = "`prj_…`"), Part),
    responses((status = 200, body = Page<RunSummary>), Refused))]
pub(crate) async fn list_runs(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<Page<RunSummary>>, Failure> {
    Ok(Json(
        operations::list_runs(&platform, &caller, &project, part.after.as_deref(), part.limit).await?,
    ))
}

/// Ask a run to stop
///
/// Its cell is interrupted, as by Ctrl-C, and what it did until then is kept. When it has not ended by that half a second later, it is stopped where it
/// stands, and its kernel is as it was before. Either way it ends as `cancelled`, unless it was faster. A run that has ended is left alone.
#[utoipa::path(post, path = "/api/v1/runs/{run}/cancel", tag = "runs", params(("run" = String, Path, description = "`run_…`")),
    responses((status = 202, body = RunAccepted), Refused))]
pub(crate) async fn cancel_run(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(run): Path<String>,
) -> Result<Response, Failure> {
    let run = operations::cancel_run(&platform, &caller, &run).await?;
    Ok((StatusCode::ACCEPTED, Json(run)).into_response())
}

/// Answer a run that asks for a line
///
/// For runs that were started as `interactive`. The event `input_request` says what is asked for; a line that comes before that waits for it.
#[utoipa::path(post, path = "/api/v1/runs/{run}/input", tag = "runs", request_body = InputLine,
    params(("run" = String, Path, description = "`run_…`")), responses((status = 202, body = RunAccepted), Refused))]
pub(crate) async fn answer_run(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(run): Path<String>,
    JsonBody(line): JsonBody<InputLine>,
) -> Result<Response, Failure> {
    let run = operations::answer_run(&platform, &caller, &run, &line).await?;
    Ok((StatusCode::ACCEPTED, Json(run)).into_response())
}
