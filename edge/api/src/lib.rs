//! The HTTP API and the operations behind it. Knows HTTP, not the platform it runs on.
//!
//! * [`router`]: every route of the API, from one table ([`endpoints`]).
//! * [`secure`](fn@secure): what stands around the whole site, pages included.
//! * [`operations`]: what the routes call, and the pages' server-side code too; each authorizes by its row in [`policy`].

pub mod access;
pub mod assets;
pub mod caller;
pub mod cookies;
pub mod csrf;
pub mod endpoints;
pub mod failure;
pub mod headers;
pub mod node;
pub mod openapi;
pub mod operations;
pub mod platform;
pub mod policy;
pub mod present;
pub mod request;
pub mod routes;
pub mod secure;
pub mod sse;
pub mod timeline;

use std::sync::Arc;

pub use caller::{Caller, RequestId, caller};
pub use failure::Failure;
pub use platform::{Config, Platform, Streams};

/// All routes of the API, without outer layers. Merge the pages into it, then wrap the whole in [`secure`](fn@secure): that is what
/// identifies callers and writes error envelopes.
pub fn router(platform: Arc<Platform>) -> axum::Router {
    router_for(platform, None)
}

/// [`router`] with no more than the routes that a request for `path` can reach. For hosts that make a router for each request: making all
/// routes takes longer than most answers.
pub fn router_for(platform: Arc<Platform>, path: Option<&str>) -> axum::Router {
    endpoints::mount(axum::Router::new(), path)
        .route("/api", axum::routing::any(routes::unknown))
        .route("/api/", axum::routing::any(routes::unknown))
        .route("/api/{*rest}", axum::routing::any(routes::unknown))
        .method_not_allowed_fallback(routes::method_not_allowed)
        .with_state(platform)
}

/// The whole site with its outermost layers: request id, CSRF guard, body limit, sign-in by header or cookie with refresh, security
/// headers, and the error envelope.
pub fn secure(router: axum::Router, platform: Arc<Platform>) -> axum::Router {
    // One fallback instead of a layer on each route: an edge component builds its router anew for every request.
    axum::Router::new()
        .fallback_service(router)
        .layer(axum::middleware::from_fn_with_state(platform, secure::surround))
}
