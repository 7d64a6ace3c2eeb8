//! Static files where the host has no hand for them: on Spin the site is mounted at `/site`.

use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use selvedge_api::assets;

/// Where `spin.toml` mounts the site.
const ROOT: &str = "/site";

/// The answer to a request for a static file.
pub(crate) fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
    let found = assets::name(path)
        .filter(|_| matches!(*method, Method::GET | Method::HEAD))
        .and_then(|name| {
            let accepted = headers
                .get(header::ACCEPT_ENCODING)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let variants = assets::ENCODINGS
                .into_iter()
                .filter(|(encoding, _)| assets::accepts(accepted, encoding));
            variants
                .chain([("", "")])
                .find_map(|(encoding, suffix)| file(method, headers, name, encoding, suffix))
        });
    found.unwrap_or_else(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    })
}

fn file(method: &Method, headers: &HeaderMap, name: &str, encoding: &str, suffix: &str) -> Option<Response<Body>> {
    let path = format!("{ROOT}{}{name}{suffix}", assets::PREFIX);
    let about = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    let changed = about
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    // By size and time of change: reading the whole file for a hash would cost more than sending it.
    let tag = format!("\"{:x}-{:x}{suffix}\"", about.len(), changed.as_millis());
    let mut builder = Response::builder()
        .header(header::ETAG, &tag)
        .header(header::CACHE_CONTROL, assets::cache_control(name))
        .header(header::VARY, "accept-encoding")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return builder.status(StatusCode::NOT_MODIFIED).body(Body::empty()).ok();
    }
    if !encoding.is_empty() {
        builder = builder.header(header::CONTENT_ENCODING, encoding);
    }
    let bytes = std::fs::read(&path).ok()?;
    builder
        .header(header::CONTENT_TYPE, assets::content_type(name))
        .header(header::CONTENT_LENGTH, bytes.len())
        .body(if method == Method::HEAD { Body::empty() } else { bytes.into() })
        .ok()
}
