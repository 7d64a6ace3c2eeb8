//! `/notebooks/{id}`

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;
use selvedge_api::{Caller, Failure, Platform, operations};

use super::not_found;
use crate::island::island;
use crate::notebook::{self, Notebook, Opened};
use crate::respond;

/// The notebook with every last output. Without access: as if there were none.
pub(crate) async fn show(
    State(platform): State<Arc<Platform>>,
    caller: Option<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(caller) = caller else { return not_found::page(&headers) };
    let notebook = match operations::notebook_view(&platform, &caller, &id).await {
        Ok(notebook) => notebook,
        Err(error) => return Failure::from(error).into_response(),
    };
    // The page stands without the balance.
    let account = operations::account(&platform, &caller, &notebook.project).await.ok();
    let anonymous = operations::me(caller).anonymous;
    let opened = Opened {
        notebook,
        account,
        anonymous,
    };
    respond::page(
        StatusCode::OK,
        &headers,
        format!("{} · Selvedge", opened.notebook.name),
        move || island(notebook::ISLAND, &opened, view! { <Notebook opened=opened.clone()/> }),
    )
}
