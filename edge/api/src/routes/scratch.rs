//! Trying it without an account.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Response};
use selvedge_contract::ScratchCreated;

use super::Refused;
use crate::cookies::Cookies;
use crate::{Caller, Failure, Platform, operations};

/// Start without an account
///
/// Makes an anonymous principal with a project and a notebook of three cells, sets the sign-in cookies and returns an access token.
#[utoipa::path(post, path = "/api/v1/scratch", tag = "start", security(()),
    responses((status = 201, body = ScratchCreated, headers(("Set-Cookie" = String, description = "The two sign-in cookies."))), Refused))]
pub(crate) async fn make_scratch(State(platform): State<Arc<Platform>>) -> Result<Response, Failure> {
    let made = operations::scratch(&platform).await?;
    let cookies = Cookies::of(&platform.config).sign_in(&made.sign_in, platform.clock.now());
    let shown = ScratchCreated {
        token: made.sign_in.access,
        project: made.project,
        notebook: made.notebook,
    };
    Ok((
        StatusCode::CREATED,
        AppendHeaders(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie))),
        Json(shown),
    )
        .into_response())
}

/// Try it
///
/// The landing page's form, which works without JavaScript: leads to a ready notebook.
#[utoipa::path(post, path = "/try", tag = "start", security((), ("cookie" = [])),
    responses((status = 303, description = "The notebook's page.", headers(("Location" = String), ("Set-Cookie" = String))), Refused))]
pub(crate) async fn try_it(State(platform): State<Arc<Platform>>, caller: Option<Caller>) -> Result<Response, Failure> {
    let tried = operations::try_it(&platform, caller.as_ref()).await?;
    let now = platform.clock.now();
    let cookies = tried
        .sign_in
        .map(|sign_in| Cookies::of(&platform.config).sign_in(&sign_in, now))
        .unwrap_or_default();
    let location = [(LOCATION, format!("/notebooks/{}", tried.notebook))];
    Ok((
        StatusCode::SEE_OTHER,
        AppendHeaders(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie))),
        location,
    )
        .into_response())
}
