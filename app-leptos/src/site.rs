//! The whole site: pages and API as one router.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;
use selvedge_api::Platform;

use crate::pages::{dashboard, docs, failure, landing, not_found, notebook, sign_in};

/// Pages and API with everything that stands around them. The adapter serves `/pkg` itself and puts nothing else around this.
pub fn site(platform: Arc<Platform>) -> Router {
    let pages = Router::new()
        .route("/", get(landing::show))
        .route("/dashboard", get(dashboard::show))
        .route("/docs", get(docs::show))
        .route("/notebooks/{notebook}", get(notebook::show))
        .route("/sign-in/link/{code}", get(sign_in::show))
        .fallback(not_found::show)
        .with_state(Arc::clone(&platform));
    let all = selvedge_api::router(Arc::clone(&platform)).merge(pages);
    // Outermost: a refusal on the way to a page becomes a page.
    selvedge_api::secure(all, platform).layer(from_fn(failure::as_page))
}
