//! The query of a URL.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use selvedge_ports::Error;
use serde::de::DeserializeOwned;

use crate::Failure;

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

fn query_error(text: &str) -> Error {
    let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(text);
    let quoted = text.split('`').nth(1).filter(|_| text.starts_with("unknown field"));
    let field = quoted.or_else(|| text.split_once(": ").map(|(field, _)| field)).unwrap_or("query");
    Error::invalid(field, "request.query", format!("The query's `{field}` cannot be read."))
}
