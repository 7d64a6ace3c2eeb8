//! API keys of a project.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use selvedge_contract::{ApiKey, CreateKey, CreatedKey, Page};

use super::Refused;
use crate::request::JsonBody;
use crate::{Caller, Failure, Platform, operations};

/// Make a key
///
/// The secret is shown this once.
#[utoipa::path(post, path = "/api/v1/projects/{project}/keys", tag = "keys", request_body = CreateKey,
    params(("project" = String, Path, description = "`prj_…`")),
    responses((status = 201, body = CreatedKey), Refused))]
pub(crate) async fn create_key(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
    JsonBody(new): JsonBody<CreateKey>,
) -> Result<Response, Failure> {
    let created = operations::create_key(&platform, &caller, &project, new).await?;
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

/// The project's keys, newest first
#[utoipa::path(get, path = "/api/v1/projects/{project}/keys", tag = "keys", params(("project" = String, Path, description = "`prj_…`")),
    responses((status = 200, body = Page<ApiKey>), Refused))]
pub(crate) async fn list_keys(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
) -> Result<Json<Page<ApiKey>>, Failure> {
    Ok(Json(Page {
        items: operations::list_keys(&platform, &caller, &project).await?,
        next: None,
    }))
}

/// Revoke a key
///
/// It stops working at once. Admins of its project may, and so may its maker.
#[utoipa::path(delete, path = "/api/v1/keys/{key}", tag = "keys", params(("key" = String, Path, description = "`key_…`")),
    responses((status = 204, description = "Revoked."), Refused))]
pub(crate) async fn revoke_key(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<StatusCode, Failure> {
    operations::revoke_key(&platform, &caller, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
