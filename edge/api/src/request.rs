//! Reading requests: JSON bodies, queries, forms and headers, each refusal naming the field at fault.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError};
use selvedge_ports::{Error, ErrorKind};
use serde::de::DeserializeOwned;

use crate::Failure;

/// Largest request body. More than a node's largest report, and than source of the greatest length with every quote escaped.
pub const BODY_BYTES_MAX: usize = 2 << 20;
/// Longest Idempotency-Key.
const IDEMPOTENCY_KEY_MAX: usize = 255;

/// A JSON body. Unknown, missing and wrongly typed fields are refused by name.
#[derive(Clone, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            let error = Error::new(
                ErrorKind::Invalid,
                "request.content_type",
                "The body must be JSON, with `Content-Type: application/json`.",
            );
            return Err(Failure::with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
        }
        let bytes = read(request.into_body()).await?;
        Ok(Self(json(&bytes)?))
    }
}

/// The fields of an HTML form, in order.
#[derive(Clone, Debug)]
pub struct FormBody(Vec<(String, String)>);

impl FormBody {
    /// The first value of a field; an error when the form has none.
    pub fn field(&self, name: &str) -> Result<&str, Error> {
        self.0
            .iter()
            .find_map(|(found, value)| (found == name).then_some(value.as_str()))
            .ok_or_else(|| Error::invalid(name, "request.missing_field", format!("The field `{name}` is missing.")))
    }
}

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let bytes = read(request.into_body()).await?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

/// The query of a URL.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(query_error(&rejection.body_text()).into()),
        }
    }
}

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

/// The refusal of a body over the limit.
pub(crate) fn too_large() -> Failure {
    let error = Error::new(
        ErrorKind::Invalid,
        "request.too_large",
        format!("The body is over {BODY_BYTES_MAX} bytes. Nothing was done."),
    );
    Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, error)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// The whole body. Its size is bounded by [`crate::secure`](fn@crate::secure).
async fn read(body: Body) -> Result<Bytes, Failure> {
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if over_limit(&error) => Err(too_large()),
        Err(_) => Err(Error::new(
            ErrorKind::Invalid,
            "request.incomplete",
            "The body ended before it was complete, so nothing was done.",
        )
        .into()),
    }
}

fn over_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<LengthLimitError>())
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    // Serde would take an array for the fields in their order, which nobody means.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Error::invalid(
            "body",
            "request.field",
            "The body must be a JSON object, not an array.",
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(value) => deserializer.end().map(|()| value).map_err(|error| malformed(&error)),
        Err(error) => Err(refusal(bytes, &error)),
    }
}

fn malformed(error: &serde_json::Error) -> Error {
    Error::new(
        ErrorKind::Invalid,
        "request.json",
        format!("The body is not valid JSON (line {}, column {}).", error.line(), error.column()),
    )
}

/// Name what is wrong, in the caller's words. Serde tells unknown and missing fields apart only in its message.
fn refusal(bytes: &[u8], error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let path = error.path().to_string();
    let inner = error.inner();
    if std::str::from_utf8(bytes).is_err() {
        let field = if path == "." { "body" } else { &path };
        return Error::invalid(field, "request.utf8", format!("`{field}` is not valid UTF-8."));
    }
    if !inner.is_data() {
        return malformed(inner);
    }
    let text = inner.to_string();
    let named = |prefix: &str| Some(text.strip_prefix(prefix)?.split_once('`')?.0.to_owned());
    if let Some(name) = named("unknown field `") {
        let field = within(&path, &name);
        return Error::invalid(
            &field,
            "request.unknown_field",
            format!("`{field}` is not a field of this request. Nothing was done."),
        );
    }
    if let Some(name) = named("missing field `") {
        let field = within(&path, &name);
        return Error::invalid(&field, "request.missing_field", format!("The field `{field}` is missing."));
    }
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let field = if path == "." { "body" } else { &path };
    Error::invalid(field, "request.field", format!("`{field}` cannot be read: {reason}."))
}

/// A field's name under the path of its object; the path may end with the name already.
fn within(path: &str, name: &str) -> String {
    match path {
        "." => name.to_owned(),
        _ if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

fn query_error(text: &str) -> Error {
    let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(text);
    let quoted = text.split('`').nth(1).filter(|_| text.starts_with("unknown field"));
    let field = quoted.or_else(|| text.split_once(": ").map(|(field, _)| field)).unwrap_or("query");
    Error::invalid(field, "request.query", format!("The query's `{field}` cannot be read."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_contract::{CreateNotebook, CreateRun};

    fn refused<T: DeserializeOwned + std::fmt::Debug>(body: &[u8]) -> (String, Option<String>) {
        let error = json::<T>(body).unwrap_err();
        (error.code, error.field)
    }

    fn named(code: &str, field: &str) -> (String, Option<String>) {
        (code.to_owned(), Some(field.to_owned()))
    }

    #[test]
    fn each_wrong_field_is_named_where_it_stands() {
        assert_eq!(
            refused::<CreateRun>(br#"{"language":"python","code":"1","colour":1}"#),
            named("request.unknown_field", "colour")
        );
        assert_eq!(
            refused::<CreateRun>(br#"{"language":"python","code":"1","limits":{"seconds":1}}"#),
            named("request.unknown_field", "limits.seconds")
        );
        assert_eq!(
            refused::<CreateRun>(br#"{"language":"python"}"#),
            named("request.missing_field", "code")
        );
        assert_eq!(
            refused::<CreateNotebook>(br#"{"name":"n","cells":[{"code":"1"},{}]}"#),
            named("request.missing_field", "cells[1].code")
        );
        assert_eq!(
            refused::<CreateRun>(br#"{"language":"python","code":7}"#),
            named("request.field", "code")
        );
        assert_eq!(
            refused::<CreateRun>(br#"{"language":"python","code":"","limits":{"wall_ms":-1}}"#),
            named("request.field", "limits.wall_ms")
        );
        for array in [&b"[]"[..], br#" ["python", "1"]"#] {
            assert_eq!(refused::<CreateRun>(array), named("request.field", "body"));
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_name_their_field() {
        assert_eq!(
            refused::<CreateRun>(b"{\"language\":\"python\",\"code\":\"\xff\"}"),
            named("request.utf8", "code")
        );
        assert_eq!(refused::<CreateRun>(b"\xff\xfe"), named("request.utf8", "body"));
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for body in [&b""[..], b"{", b"{\"language\":\"python\",\"code\":\"1\"} x", b"not json"] {
            assert_eq!(refused::<CreateRun>(body), ("request.json".to_owned(), None), "{body:?}");
        }
    }
}
