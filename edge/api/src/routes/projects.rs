//! Projects.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use selvedge_contract::{CreateProject, Page, Project, ProjectSettings};

use super::Refused;
use crate::request::JsonBody;
use crate::{Caller, Failure, Platform, operations};

/// Make a project
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = CreateProject,
    responses((status = 201, body = Project, headers(("Location" = String))), Refused))]
pub(crate) async fn create_project(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    JsonBody(new): JsonBody<CreateProject>,
) -> Result<Response, Failure> {
    let project = operations::create_project(&platform, &caller, &new.name).await?;
    Ok((
        StatusCode::CREATED,
        [(LOCATION, format!("/api/v1/projects/{}", project.id))],
        Json(project),
    )
        .into_response())
}

/// The caller's projects, newest first
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", responses((status = 200, body = Page<Project>), Refused))]
pub(crate) async fn list_projects(State(platform): State<Arc<Platform>>, caller: Caller) -> Result<Json<Page<Project>>, Failure> {
    Ok(Json(Page {
        items: operations::list_projects(&platform, &caller).await?,
        next: None,
    }))
}

/// One project
#[utoipa::path(get, path = "/api/v1/projects/{project}", tag = "projects", params(("project" = String, Path, description = "`prj_…`")),
    responses((status = 200, body = Project), Refused))]
pub(crate) async fn read_project(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
) -> Result<Json<Project>, Failure> {
    Ok(Json(operations::project_view(&platform, &caller, &project).await?))
}

/// Change a project's settings
///
/// What is left out stays.
#[utoipa::path(put, path = "/api/v1/projects/{project}/settings", tag = "projects", request_body = ProjectSettings,
    params(("project" = String, Path, description = "`prj_…`")), responses((status = 200, body = Project), Refused))]
pub(crate) async fn set_settings(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
    JsonBody(settings): JsonBody<ProjectSettings>,
) -> Result<Json<Project>, Failure> {
    Ok(Json(operations::set_settings(&platform, &caller, &project, settings).await?))
}
