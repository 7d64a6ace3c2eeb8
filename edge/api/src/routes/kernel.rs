//! A notebook's kernel.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use selvedge_contract::{CheckCode, CheckpointDiff, Checkpoints, CompleteCode, InspectCode, ReadPage, RewindKernel};
use serde::Deserialize;
use serde_json::Value;

use super::Refused;
use crate::request::{FileBody, JsonBody, Query};
use crate::{Caller, Failure, Platform, operations};

/// What the kernel was after each cell
///
/// Newest first. The newest 50 are kept, those with a name, and those from which other kernels began.
#[utoipa::path(get, path = "/api/v1/notebooks/{notebook}/kernel/checkpoints", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Checkpoints), Refused))]
pub(crate) async fn list_checkpoints(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
) -> Result<Json<Checkpoints>, Failure> {
    Ok(Json(operations::list_checkpoints(&platform, &caller, &notebook).await?))
}

/// Make the kernel what it was
///
/// At a checkpoint, or empty (0). What it was since then stays in the list. Files go back too; cells and their outputs stay as they are.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/rewind", tag = "kernels", request_body = RewindKernel,
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Checkpoints), Refused))]
pub(crate) async fn rewind_kernel(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    JsonBody(to): JsonBody<RewindKernel>,
) -> Result<Json<Checkpoints>, Failure> {
    Ok(Json(operations::rewind_kernel(&platform, &caller, &notebook, to.number).await?))
}

/// Begin anew with an empty kernel
///
/// What it was stays in the list, and can be gone back to.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/restart", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Checkpoints), Refused))]
pub(crate) async fn restart_kernel(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
) -> Result<Json<Checkpoints>, Failure> {
    Ok(Json(operations::restart_kernel(&platform, &caller, &notebook).await?))
}

/// Name a checkpoint
///
/// It is kept for as long as it has a name: 1 to 100 bytes.
#[utoipa::path(put, path = "/api/v1/notebooks/{notebook}/kernel/checkpoints/{number}/names/{name}", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`"), ("number" = u64, Path), ("name" = String, Path)),
    responses((status = 204, description = "Named."), Refused))]
pub(crate) async fn name_checkpoint(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path((notebook, number, name)): Path<(String, u64, String)>,
) -> Result<StatusCode, Failure> {
    operations::name_checkpoint(&platform, &caller, &notebook, number, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a checkpoint's name away
///
/// One that it does not have is no error.
#[utoipa::path(delete, path = "/api/v1/notebooks/{notebook}/kernel/checkpoints/{number}/names/{name}", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`"), ("number" = u64, Path), ("name" = String, Path)),
    responses((status = 204, description = "It has that name no longer."), Refused))]
pub(crate) async fn unname_checkpoint(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path((notebook, number, name)): Path<(String, u64, String)>,
) -> Result<StatusCode, Failure> {
    operations::unname_checkpoint(&platform, &caller, &notebook, number, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Two checkpoints.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Two {
    /// Number of the one.
    a: u64,
    /// Number of the other.
    b: u64,
}

/// How one checkpoint differs from another
#[utoipa::path(get, path = "/api/v1/notebooks/{notebook}/kernel/diff", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`"), Two), responses((status = 200, body = CheckpointDiff), Refused))]
pub(crate) async fn diff_checkpoints(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    Query(Two { a, b }): Query<Two>,
) -> Result<Json<CheckpointDiff>, Failure> {
    Ok(Json(operations::diff_checkpoints(&platform, &caller, &notebook, a, b).await?))
}

/// Complete code
///
/// Jupyter's `complete_reply`, from what the kernel holds; places count characters. A copy answers, so nothing changes, and a kernel that is
/// busy answers as it was after its last cell.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/complete", tag = "kernels", request_body = CompleteCode,
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Object), Refused))]
pub(crate) async fn complete_code(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    JsonBody(asked): JsonBody<CompleteCode>,
) -> Result<Json<Value>, Failure> {
    Ok(Json(operations::complete_code(&platform, &caller, &notebook, asked).await?))
}

/// Inspect what is at the cursor
///
/// Jupyter's `inspect_reply`: its signature, its documentation, what it is now.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/inspect", tag = "kernels", request_body = InspectCode,
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Object), Refused))]
pub(crate) async fn inspect_code(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    JsonBody(asked): JsonBody<InspectCode>,
) -> Result<Json<Value>, Failure> {
    Ok(Json(operations::inspect_code(&platform, &caller, &notebook, asked).await?))
}

/// Is the code complete?
///
/// Jupyter's `is_complete_reply`.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/is-complete", tag = "kernels", request_body = CheckCode,
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Object), Refused))]
pub(crate) async fn check_code(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    JsonBody(asked): JsonBody<CheckCode>,
) -> Result<Json<Value>, Failure> {
    Ok(Json(operations::check_code(&platform, &caller, &notebook, asked).await?))
}

/// The variables
///
/// `{"variables":[{"name","type","kind","value","size","fingerprint"}],"total"}`, sorted by name. A variable whose fingerprint stayed has not changed.
#[utoipa::path(get, path = "/api/v1/notebooks/{notebook}/kernel/variables", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Object), Refused))]
pub(crate) async fn list_variables(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
) -> Result<Json<Value>, Failure> {
    Ok(Json(operations::list_variables(&platform, &caller, &notebook).await?))
}

/// Rows of a large table
///
/// By the id that the table was shown with: `{"rows","total","of"}`, sorted and filtered where the data are.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/page", tag = "kernels", request_body = ReadPage,
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Object), Refused))]
pub(crate) async fn read_page(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    JsonBody(asked): JsonBody<ReadPage>,
) -> Result<Json<Value>, Failure> {
    Ok(Json(operations::read_page(&platform, &caller, &notebook, asked).await?))
}

/// Carry the kernel away
///
/// As one file of at most 16 MiB, which is sealed: it can be brought back into its own project only. Its history stays behind.
#[utoipa::path(get, path = "/api/v1/notebooks/{notebook}/kernel/export", tag = "kernels",
    params(("notebook" = String, Path, description = "`ntb_…`")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Refused))]
pub(crate) async fn export_kernel(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
) -> Result<Response, Failure> {
    let file = operations::export_kernel(&platform, &caller, &notebook).await?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CONTENT_DISPOSITION, "attachment; filename=\"kernel.selvedge\""),
    ];
    Ok((headers, file).into_response())
}

/// Bring a kernel back
///
/// The body is an exported file. The notebook's kernel must be empty.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/kernel/import", tag = "kernels",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("notebook" = String, Path, description = "`ntb_…`")), responses((status = 200, body = Checkpoints), Refused))]
pub(crate) async fn import_kernel(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    FileBody(file): FileBody,
) -> Result<Json<Checkpoints>, Failure> {
    Ok(Json(operations::import_kernel(&platform, &caller, &notebook, &file).await?))
}
