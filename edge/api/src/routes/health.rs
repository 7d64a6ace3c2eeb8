//! Is it alive, is it ready, what is it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use selvedge_contract::{Health, Version};
use selvedge_ports::HttpRequest;

use crate::Platform;

const OK: &str = "ok";

/// Alive
#[utoipa::path(get, path = "/health/live", tag = "operation", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn live() -> Json<Health> {
    Json(Health {
        status: OK.to_owned(),
        database: None,
        node: None,
    })
}

/// Ready
///
/// Whether everything that a run needs can be reached.
#[utoipa::path(get, path = "/health/ready", tag = "operation", security(()),
    responses((status = 200, body = Health), (status = 503, body = Health, description = "A part cannot be reached; the answer says which.")))]
pub(crate) async fn ready(State(platform): State<Arc<Platform>>) -> (StatusCode, Json<Health>) {
    let (database, node) = (database(&platform).await, node(&platform).await);
    let good = database == OK && node == OK;
    let status = if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (
        status,
        Json(Health {
            status: if good { OK } else { "unavailable" }.to_owned(),
            database: Some(database.to_owned()),
            node: Some(node.to_owned()),
        }),
    )
}

/// Version
#[utoipa::path(get, path = "/version", tag = "operation", security(()), responses((status = 200, body = Version)))]
pub(crate) async fn version(State(platform): State<Arc<Platform>>) -> Json<Version> {
    Json(Version {
        name: "selvedge".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: platform.config.host.to_owned(),
    })
}

async fn database(platform: &Platform) -> &'static str {
    // The cheapest read that the workspace offers: no lease has passed at the beginning of time.
    match platform.workspace.expired_runs(0, 1).await {
        Ok(_) => OK,
        Err(_) => "unreachable",
    }
}

async fn node(platform: &Platform) -> &'static str {
    let Some(node) = platform.config.node_url.as_deref() else {
        return "none";
    };
    let request = HttpRequest {
        method: "GET".to_owned(),
        url: format!("{node}/health/ready"),
        ..HttpRequest::default()
    };
    match platform.http.send(request).await {
        Ok(answer) if (200..300).contains(&answer.status) => OK,
        Ok(_) => "failing",
        Err(_) => "unreachable",
    }
}
