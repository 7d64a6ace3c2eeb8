//! What happens around every request, API and pages alike.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use selvedge_ports::id::{self, Kind};
use selvedge_ports::{Error, ErrorKind};

use crate::caller::{CurrentRefresh, Identity, bearer};
use crate::cookies::{self, Cookies};
use crate::request::{body_bytes_max, too_large};
use crate::{Caller, Failure, Platform, RequestId, csrf, headers};

/// Where nodes report. Their token is checked by the operation.
const INTERNAL: &str = "/api/v1/internal/";

pub(crate) async fn surround(State(platform): State<Arc<Platform>>, mut request: Request, next: Next) -> Response {
    let request_id = id::new(Kind::Request, &*platform.clock, &*platform.entropy);
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let wants_page = !path.starts_with("/api/") && accepts_html(request.headers());

    let mut response = match admit(&platform, &mut request) {
        Ok(()) => {
            let set_cookies = identify(&platform, &path, &mut request).await;
            let mut response = next.run(request).await;
            // A handler that signs in or out has the last word.
            if !set_cookies.is_empty() && !response.headers().contains_key(SET_COOKIE) {
                for cookie in set_cookies {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
            }
            response
        }
        Err(failure) => failure.into_response(),
    };

    if let Some(failure) = failure_of(&path, &mut response) {
        if failure.status.is_server_error() {
            platform.log.event(
                "request.failed",
                &[
                    ("request", &request_id),
                    ("method", method.as_str()),
                    ("path", &path),
                    ("status", failure.status.as_str()),
                    ("code", &failure.error.code),
                    ("message", &failure.error.message),
                ],
            );
        }
        // `Allow` and cookies stay; the body is another one now.
        let mut kept = std::mem::take(response.headers_mut());
        kept.remove(CONTENT_TYPE);
        kept.remove(CONTENT_LENGTH);
        response = failure.answer(&request_id, &platform.config.public_url, wants_page);
        response.headers_mut().extend(kept);
    }

    let page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let data = !page || path.starts_with("/api/");
    if response.headers().contains_key(SET_COOKIE) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers::complete(response.headers_mut(), &platform.config, data);
    if let Ok(value) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Refuse what need not be looked at, and bound the body.
fn admit(platform: &Platform, request: &mut Request) -> Result<(), Failure> {
    let host = request.uri().authority().map(|authority| authority.as_str().to_owned());
    csrf::check(request.method(), request.headers(), host.as_deref(), &platform.config.public_url)?;
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let most = body_bytes_max(request.uri().path());
    if announced.is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = Body::new(Limited::new(body, most));
    Ok(())
}

/// Find out who is asking; returns the cookies to set.
async fn identify(platform: &Platform, path: &str, request: &mut Request) -> Vec<HeaderValue> {
    if path.starts_with(INTERNAL) {
        return Vec::new();
    }
    let cookies = Cookies::of(&platform.config);
    let (identity, refresh, set) = match bearer(request.headers()) {
        Err(error) => (Identity::Refused(error), None, Vec::new()),
        Ok(Some(token)) => (identity(platform.auth.authenticate(token).await), None, Vec::new()),
        Ok(None) => {
            let access = cookies::read(request.headers(), cookies.access());
            let refresh = cookies::read(request.headers(), cookies.refresh());
            by_cookies(platform, cookies, access, refresh).await
        }
    };
    request.extensions_mut().insert(identity);
    if let Some(refresh) = refresh {
        request.extensions_mut().insert(CurrentRefresh(refresh));
    }
    set
}

async fn by_cookies(
    platform: &Platform,
    cookies: Cookies,
    access: Option<&str>,
    refresh: Option<&str>,
) -> (Identity, Option<String>, Vec<HeaderValue>) {
    if let Some(access) = access {
        let found = identity(platform.auth.authenticate(access).await);
        if !matches!(&found, Identity::Refused(error) if error.kind == ErrorKind::Unauthenticated) {
            return (found, refresh.map(str::to_owned), Vec::new());
        }
    }
    let Some(refresh) = refresh else {
        let set = if access.is_some() { cookies.sign_out() } else { Vec::new() };
        return (Identity::Nobody, None, set);
    };
    match platform.auth.refresh(refresh).await {
        Ok(sign_in) => {
            let set = cookies.sign_in(&sign_in, platform.clock.now());
            (
                Identity::Known(Caller {
                    principal: sign_in.principal,
                }),
                Some(sign_in.refresh),
                set,
            )
        }
        // The sign-in session has ended: the visitor is nobody now, and need not be told on a page that is for everybody.
        Err(error) if error.kind == ErrorKind::Unauthenticated => (Identity::Nobody, None, cookies.sign_out()),
        Err(error) => (Identity::Refused(error), Some(refresh.to_owned()), Vec::new()),
    }
}

fn identity(authenticated: selvedge_ports::Result<selvedge_ports::shapes::Principal>) -> Identity {
    match authenticated {
        Ok(principal) => Identity::Known(Caller { principal }),
        Err(error) => Identity::Refused(error),
    }
}

/// What a response has to say beside its status: a handler's failure, or a refusal by the framework under `/api/v1/`.
fn failure_of(path: &str, response: &mut Response) -> Option<Failure> {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    let status = response.status();
    let enveloped = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !path.starts_with("/api/v1/") || enveloped || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let error = if status.is_server_error() {
        Error::internal("request.framework", format!("the framework answered {status}"))
    } else if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Some(too_large(body_bytes_max(path)));
    } else {
        Error::new(ErrorKind::Invalid, "request.malformed", "The request could not be read.")
    };
    Some(Failure::with_status(status, error))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get("accept")
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
