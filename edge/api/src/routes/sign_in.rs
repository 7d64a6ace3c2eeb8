//! Signing in by a one-time link, and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::Refused;
use crate::caller::CurrentRefresh;
use crate::cookies::Cookies;
use crate::request::FormBody;
use crate::{Failure, Platform, operations};

/// Sign in by a one-time link
///
/// The link's page posts its code here: a GET would be spent by whatever previews links.
#[utoipa::path(post, path = "/sign-in/link", tag = "start", security(()),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "`code=…`"),
    responses((status = 303, description = "The dashboard.", headers(("Location" = String), ("Set-Cookie" = String))), Refused))]
pub(crate) async fn redeem_link(State(platform): State<Arc<Platform>>, form: FormBody) -> Result<Response, Failure> {
    let sign_in = operations::redeem_link(&platform, form.field("code")?).await?;
    let cookies = Cookies::of(&platform.config).sign_in(&sign_in, platform.clock.now());
    Ok((
        StatusCode::SEE_OTHER,
        AppendHeaders(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie))),
        [(LOCATION, "/dashboard")],
    )
        .into_response())
}

/// Sign out
///
/// Ends this browser's sign-in session and clears its cookies.
#[utoipa::path(post, path = "/sign-out", tag = "start", security((), ("cookie" = [])),
    responses((status = 303, description = "The start page.", headers(("Location" = String), ("Set-Cookie" = String))), Refused))]
pub(crate) async fn sign_out(
    State(platform): State<Arc<Platform>>,
    refresh: Option<Extension<CurrentRefresh>>,
) -> Result<Response, Failure> {
    if let Some(Extension(CurrentRefresh(token))) = refresh {
        operations::sign_out(&platform, &token).await?;
    }
    let cookies = Cookies::of(&platform.config).sign_out();
    Ok((
        StatusCode::SEE_OTHER,
        AppendHeaders(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie))),
        [(LOCATION, "/")],
    )
        .into_response())
}
