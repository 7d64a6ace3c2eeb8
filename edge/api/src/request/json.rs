//! JSON bodies.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use selvedge_ports::{Error, ErrorKind};
use serde::de::DeserializeOwned;

use super::body::read;
use crate::Failure;

/// A JSON body. Unknown, missing and wrongly typed fields are refused by name.
#[derive(Clone, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(no_json());
        }
        let bytes = read(request.into_body()).await?;
        Ok(Self(json(&bytes)?))
    }
}

/// A JSON body that may be left out.
#[derive(Clone, Debug)]
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let is_json = is_json(request.headers());
        let bytes = read(request.into_body()).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if !is_json {
            return Err(no_json());
        }
        Ok(Self(json(&bytes)?))
    }
}

fn no_json() -> Failure {
    let error = Error::new(
        ErrorKind::Invalid,
        "request.content_type",
        "The body must be JSON, with `Content-Type: application/json`.",
    );
    Failure::with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE, error)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("application/json")
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
