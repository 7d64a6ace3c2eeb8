//! Who is asking: decided once per request by [`crate::secure`](fn@crate::secure), read by whoever needs it.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use selvedge_ports::shapes::Principal;
use selvedge_ports::{Error, ErrorKind};

use crate::Failure;

/// The authenticated principal.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// As `auth.authenticate` knows it.
    pub principal: Principal,
}

/// Names this request in answers and in the log. In every request's extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The refresh token that is good now (the cookie's, or its successor). In the extensions of requests that carry cookies.
#[derive(Clone, Debug)]
pub(crate) struct CurrentRefresh(pub(crate) String);

/// What the credentials of a request amount to. In every request's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) enum Identity {
    /// There are none.
    #[default]
    Nobody,
    /// They are good.
    Known(Caller),
    /// They are not, or nobody could say.
    Refused(Error),
}

/// The caller of this request; none when it carries no credentials.
/// Errors: `unauthenticated` for credentials that are not good, `unavailable` when they could not be checked.
pub async fn caller(parts: &Parts) -> Result<Option<Caller>, Failure> {
    match parts.extensions.get::<Identity>() {
        Some(Identity::Known(caller)) => Ok(Some(caller.clone())),
        Some(Identity::Refused(error)) => Err(error.clone().into()),
        Some(Identity::Nobody) | None => Ok(None),
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        caller(parts).await?.ok_or_else(|| unauthenticated().into())
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Failure> {
        caller(parts).await
    }
}

/// The bearer token of the `Authorization` header; an error when the header holds something else.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Error> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let token = header.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    token.filter(|token| !token.is_empty()).map(Some).ok_or_else(unauthenticated)
}

pub(crate) fn unauthenticated() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "auth.required",
        "This needs a sign-in: send an access token or an API key as `Authorization: Bearer`, or sign in with the browser.",
    )
}
