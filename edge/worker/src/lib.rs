//! The edge as a Cloudflare Worker: the router of the other hosts, with the domains linked in and libSQL behind Hrana over HTTP.
//!
//! An isolate serves many requests, but what waits for the network belongs to the one request that began it. So platform and router are made
//! once, and nothing that is under way is ever shared.
#![cfg(target_family = "wasm")]

mod incoming;
mod outgoing;
mod ports;
mod site;

use axum::body::Body;
use axum::http::Response;
use selvedge_ports::Log as _;
use tower_service::Service as _;
use worker::{Context, Env, HttpRequest, ScheduleContext, ScheduledEvent, event};

use crate::ports::Console;
use crate::site::Site;

/// One request.
#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, _context: Context) -> worker::Result<Response<Body>> {
    let site = Site::of(env);
    site.migrate().await;
    Ok(site.router().call(incoming::whole(request).await).await?)
}

/// Runs ended by one cron event at most; the next one goes on.
const SWEEP_MAX: u32 = 100;

/// The cron trigger: ends runs whose node has gone silent.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let site = Site::of(env);
    site.migrate().await;
    if let Err(error) = selvedge_api::operations::expire(site.platform(), SWEEP_MAX).await {
        Console.event("sweep.failed", &[("code", &error.code), ("message", &error.message)]);
    }
}
