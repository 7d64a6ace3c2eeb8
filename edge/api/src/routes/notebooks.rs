//! Notebooks.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use selvedge_contract::{CreateNotebook, ForkNotebook, Notebook, NotebookSummary, Page};

use super::Refused;
use crate::request::{JsonBody, OptionalBody};
use crate::{Caller, Failure, Platform, operations};

/// Make a notebook
#[utoipa::path(post, path = "/api/v1/projects/{project}/notebooks", tag = "notebooks", request_body = CreateNotebook,
    params(("project" = String, Path, description = "`prj_…`")),
    responses((status = 201, body = Notebook, headers(("Location" = String))), Refused))]
pub(crate) async fn create_notebook(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
    JsonBody(new): JsonBody<CreateNotebook>,
) -> Result<Response, Failure> {
    Ok(created(operations::create_notebook(&platform, &caller, &project, new).await?))
}

/// Fork a notebook
///
/// Makes a notebook with the same cells, whose kernel begins with what this one's is, or was at a checkpoint. From then on they are apart. The body
/// may be left out.
#[utoipa::path(post, path = "/api/v1/notebooks/{notebook}/fork", tag = "notebooks", request_body = Option<ForkNotebook>,
    params(("notebook" = String, Path, description = "`ntb_…`")),
    responses((status = 201, body = Notebook, headers(("Location" = String))), Refused))]
pub(crate) async fn fork_notebook(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
    OptionalBody(new): OptionalBody<ForkNotebook>,
) -> Result<Response, Failure> {
    Ok(created(operations::fork_notebook(&platform, &caller, &notebook, new).await?))
}

fn created(notebook: Notebook) -> Response {
    let location = [(LOCATION, format!("/api/v1/notebooks/{}", notebook.id))];
    (StatusCode::CREATED, location, Json(notebook)).into_response()
}

/// The project's notebooks, last changed first
#[utoipa::path(get, path = "/api/v1/projects/{project}/notebooks", tag = "notebooks", params(("project" = String, Path, description = "`prj_…`")),
    responses((status = 200, body = Page<NotebookSummary>), Refused))]
pub(crate) async fn list_notebooks(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(project): Path<String>,
) -> Result<Json<Page<NotebookSummary>>, Failure> {
    Ok(Json(Page {
        items: operations::list_notebooks(&platform, &caller, &project).await?,
        next: None,
    }))
}

/// A notebook: its cells in order, each with its source and its newest run's output
#[utoipa::path(get, path = "/api/v1/notebooks/{notebook}", tag = "notebooks", params(("notebook" = String, Path, description = "`ntb_…`")),
    responses((status = 200, body = Notebook), Refused))]
pub(crate) async fn read_notebook(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
) -> Result<Json<Notebook>, Failure> {
    Ok(Json(operations::notebook_view(&platform, &caller, &notebook).await?))
}

/// Remove a notebook
///
/// With its cells and everything that its kernel was: nobody comes back to that. Its runs stay; what was forked from it goes on.
#[utoipa::path(delete, path = "/api/v1/notebooks/{notebook}", tag = "notebooks", params(("notebook" = String, Path, description = "`ntb_…`")),
    responses((status = 204, description = "Removed."), Refused))]
pub(crate) async fn remove_notebook(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(notebook): Path<String>,
) -> Result<StatusCode, Failure> {
    operations::remove_notebook(&platform, &caller, &notebook).await?;
    Ok(StatusCode::NO_CONTENT)
}
