//! The OpenAPI document: made from the handlers' attributes, committed as `edge/api/openapi.json`, served from there.
//! A test keeps the two equal; `UPDATE=1` rewrites the file.

use axum::http::StatusCode;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, RefOr};

/// The committed document.
pub const COMMITTED: &str = include_str!("../openapi.json");

/// The document, made anew.
pub fn document() -> OpenApi {
    let mut document = <crate::endpoints::Described as utoipa::OpenApi>::openapi();
    document.info = InfoBuilder::new()
        .title("Selvedge")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Notebooks and remote Python. Times are RFC 3339 UTC, money is whole micro-credits, ids carry their kind as a prefix. \
             Every refusal is an error envelope whose `code` is explained at `docs`. Idempotency-Key is obeyed where it is listed; \
             elsewhere it is ignored.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0 OR MIT").build()))
        .build();
    let components = document.components.get_or_insert_default();
    let bearer = |about: &str| SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(about)).build());
    components.add_security_scheme("bearer", bearer("An access token or an API key."));
    components.add_security_scheme("report", bearer("The report token of one run's order."));
    components.add_security_scheme(
        "cookie",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "selvedge-access",
            "Set by signing in with a browser; behind TLS its name begins with `__Host-`.",
        ))),
    );
    document.security = Some(vec![
        SecurityRequirement::new("bearer", Vec::<String>::new()),
        SecurityRequirement::new("cookie", Vec::<String>::new()),
    ]);
    document.paths.paths.values_mut().flat_map(operations).for_each(describe_responses);
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete]
        .into_iter()
        .flatten()
}

/// A response must have a description (OpenAPI 3.1, Response Object); where its body says everything, the status's own words do.
fn describe_responses(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let reason = status.parse::<StatusCode>().ok().and_then(|status| status.canonical_reason());
        if let (RefOr::T(response), Some(reason)) = (response, reason)
            && response.description.is_empty()
        {
            reason.clone_into(&mut response.description);
        }
    }
}
