//! `wasi:http/incoming-handler`: one request, one instance.

use std::sync::Arc;

use selvedge_api::{Config, Platform, Streams, assets};
use selvedge_ports::{Auth, Billing, Settings, Workspace};
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{IncomingRequest, ResponseOutparam};
use wstd::http::request::try_from_incoming;
use wstd::http::server::Responder;
use wstd::http::{Body, Request, Response, error::Result};

use crate::ports::Wasi;
use crate::services::Imports;
use crate::{assets as files, executor, panic};

struct Edge;

impl Guest for Edge {
    // wstd's own macro does the same, but panics when a client leaves before it has the whole answer.
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        panic::log_structured();
        let responder = Responder::new(out);
        wstd::runtime::block_on(async {
            let answered = match try_from_incoming(request) {
                Ok(request) => answer(request).await,
                Err(error) => Err(error),
            };
            match answered {
                // The client may leave meanwhile; there is nobody to tell.
                Ok(response) => drop(responder.respond(response).await),
                Err(error) => responder.fail(error),
            }
        });
    }
}

wasip2::http::proxy::export!(Edge);

async fn answer(request: Request<Body>) -> Result<Response<Body>> {
    executor::install();
    // What the native host takes over, this component does itself on Spin: files, live streams, migrations.
    let native = Wasi.get("host").is_none_or(|host| host == "native");
    if !native {
        if request.uri().path().starts_with(assets::PREFIX) {
            let answer = files::answer(request.method(), request.uri().path(), request.headers());
            return Ok(answer.map(Body::from_http_body));
        }
        migrate().await?;
    }
    let config = if native {
        Config::from_settings(&Wasi, "native", Streams::Offload)
    } else {
        Config::from_settings(&Wasi, "spin", Streams::Poll)
    };
    let platform = Arc::new(Platform {
        auth: Arc::new(Imports),
        workspace: Arc::new(Imports),
        billing: Arc::new(Imports),
        http: Arc::new(Wasi),
        clock: Arc::new(Wasi),
        entropy: Arc::new(Wasi),
        log: Arc::new(Wasi),
        config,
    });
    let site = selvedge_app::site_for(platform, Some(request.uri().path()));
    // Kept from being dropped: the instance ends with this request, and its memory with it.
    std::mem::forget(site.clone());
    wstd_axum::serve(request, site).await
}

/// One cheap question per domain when there is nothing to do. Spin has no moment at its start to do this once.
async fn migrate() -> Result<()> {
    let said = |error: selvedge_ports::Error| wstd::http::Error::msg(format!("{}: {}", error.code, error.message));
    Auth::migrate(&Imports).await.map_err(said)?;
    Workspace::migrate(&Imports).await.map_err(said)?;
    Billing::migrate(&Imports).await.map_err(said)
}
