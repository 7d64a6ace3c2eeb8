//! Who is asking, and a project's credits.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use selvedge_contract::{Account, Me};

use super::Refused;
use crate::{Caller, Failure, Platform, operations};

/// Who is asking
#[utoipa::path(get, path = "/api/v1/me", tag = "start", responses((status = 200, body = Me), Refused))]
pub(crate) async fn read_me(caller: Caller) -> Json<Me> {
    Json(operations::me(caller))
}

/// A project's credits
#[utoipa::path(get, path = "/api/v1/projects/{project}/account", tag = "projects", params(("project" = String, Path, description = "`prj_…`")),
    responses((status = 200, body = Account), Refused))]
pub(crate) async fn read_account(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
) -> Result<Json<Account>, Failure> {
    Ok(Json(operations::account(&platform, &caller, &project).await?))
}
