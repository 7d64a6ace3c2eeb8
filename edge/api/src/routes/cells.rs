//! Cells.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use selvedge_contract::{Cell, CreateCell, PutCell, RunAccepted, RunCell};
use selvedge_ports::ErrorKind;

use super::{Refused, accepted};
use crate::request::{ExpectedVersion, IdempotencyKey, JsonBody, OptionalBody};
use crate::{Caller, Failure, Platform, operations};

/// Insert a cell
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/cells", tag = "notebooks", request_body = CreateCell,
    params(("notebook" = String, Path, description = "`ntb_…`")),
    responses((status = 201, body = Cell, headers(("Location" = String), ("ETag" = String))), Refused))]
pub(crate) async fn add_cell(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    JsonBody(new): JsonBody<CreateCell>,
) -> Result<Response, Failure> {
    let cell = operations::add_cell(&platform, &caller, &notebook, new).await?;
    let location = (LOCATION, format!("/api/v1/notebooks/{notebook}/cells/{}", cell.id));
    Ok((StatusCode::CREATED, [location, (ETAG, etag(cell.version))], Json(cell)).into_response())
}

/// Replace a cell's source
///
/// With `If-Match` naming the ETag that was edited, a cell that was changed meanwhile is left alone: 412, with the current version as ETag.
/// Without it the source is overwritten.
#[utoipa::path(put, path = "/api/v1/notebooks/{notebook}/cells/{cell}", tag = "notebooks", request_body = PutCell,
    params(("notebook" = String, Path, description = "`ntb_…`"), ("cell" = String, Path, description = "`cel_…`"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version that was edited, or `*`.")),
    responses((status = 200, body = Cell, headers(("ETag" = String))), Refused))]
pub(crate) async fn put_cell(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path((notebook, cell)): Path<(String, String)>,
    ExpectedVersion(expected): ExpectedVersion,
    JsonBody(new): JsonBody<PutCell>,
) -> Result<Response, Failure> {
    match operations::put_cell(&platform, &caller, &notebook, &cell, &new.code, expected).await {
        Ok(cell) => Ok(([(ETAG, etag(cell.version))], Json(cell)).into_response()),
        Err(error) if error.kind == ErrorKind::Stale => {
            let current = operations::cell_version(&platform, &caller, &notebook, &cell).await?;
            Err(Failure::from(error).header(ETAG, etag(current)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Remove a cell
///
/// Its runs stay.
#[utoipa::path(delete, path = "/api/v1/notebooks/{notebook}/cells/{cell}", tag = "notebooks",
    params(("notebook" = String, Path, description = "`ntb_…`"), ("cell" = String, Path, description = "`cel_…`")),
    responses((status = 204, description = "Removed."), Refused))]
pub(crate) async fn remove_cell(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path((notebook, cell)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    operations::remove_cell(&platform, &caller, &notebook, &cell).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Run a cell
///
/// It runs in the notebook's kernel, with the variables of the cells before it. Follow it by its events. The body may be left out.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/cells/{cell}/run", tag = "runs", request_body = Option<RunCell>,
    params(("notebook" = String, Path, description = "`ntb_…`"), ("cell" = String, Path, description = "`cel_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key within a day answers with the first run.")),
    responses((status = 202, body = RunAccepted, headers(("Location" = String))), Refused))]
pub(crate) async fn run_cell(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path((notebook, cell)): Path<(String, String)>,
    IdempotencyKey(key): IdempotencyKey,
    OptionalBody(how): OptionalBody<RunCell>,
) -> Result<Response, Failure> {
    Ok(accepted(
        operations::run_cell(&platform, &caller, &notebook, &cell, how, key).await?,
    ))
}

fn etag(version: u64) -> String {
    format!("\"{version}\"")
}
