//! The whole site: pages and API as one router.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;
use selvedge_api::Platform;
use selvedge_api::endpoints::can_reach;

use crate::pages::{dashboard, docs, failure, frame, landing, not_found, notebook, sign_in};

/// Pages and API with everything that stands around them. The adapter serves `/pkg` itself and puts nothing else around this.
pub fn site(platform: Arc<Platform>) -> Router {
    site_for(platform, None)
}

/// [`site`] with no more than the routes that a request for `path` can reach, for hosts that make one for each request.
pub fn site_for(platform: Arc<Platform>, path: Option<&str>) -> Router {
    let all_pages = [
        ("/", get(landing::show)),
        ("/dashboard", get(dashboard::show)),
        ("/docs", get(docs::show)),
        ("/frame", get(frame::show)),
        ("/notebooks/{notebook}", get(notebook::show)),
        ("/sign-in/link/{code}", get(sign_in::show)),
    ];
    let reached = all_pages
        .into_iter()
        .filter(|(route, _)| path.is_none_or(|path| can_reach(route, path)));
    let pages = reached
        .fold(Router::new(), |router, (route, page)| router.route(route, page))
        .fallback(not_found::show)
        .with_state(Arc::clone(&platform));
    let all = selvedge_api::router_for(Arc::clone(&platform), path).merge(pages);
    // Outermost: a refusal on the way to a page becomes a page.
    selvedge_api::secure(all, platform).layer(from_fn(failure::as_page))
}
