//! Headers that put a condition on a request: do it once, do it to this version.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use selvedge_ports::Error;

use crate::Failure;

/// Longest Idempotency-Key.
const IDEMPOTENCY_KEY_MAX: usize = 255;

/// The caller's Idempotency-Key.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(header) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        match header.to_str() {
            Ok(key) if (1..=IDEMPOTENCY_KEY_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self(Some(key.to_owned())))
            }
            _ => Err(Error::invalid(
                "Idempotency-Key",
                "request.idempotency_key",
                format!("An Idempotency-Key is 1 to {IDEMPOTENCY_KEY_MAX} visible ASCII characters. Nothing was done."),
            )
            .into()),
        }
    }
}

/// The cell version that an edit was made on (`If-Match`); none: whatever is there is overwritten.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedVersion(pub Option<u64>);

impl<S: Sync> FromRequestParts<S> for ExpectedVersion {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(header) = parts.headers.get(IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = header.to_str().unwrap_or("").trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .and_then(|digits| digits.parse().ok());
        version.map(|version| Self(Some(version))).ok_or_else(|| {
            Error::invalid(
                "If-Match",
                "request.if_match",
                "If-Match is one ETag of this cell as it was given, for example `\"3\"`, or `*`.",
            )
            .into()
        })
    }
}
