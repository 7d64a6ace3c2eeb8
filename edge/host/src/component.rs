//! The edge component: loaded once, instantiated afresh for every request.

mod admission;
mod bindings;
mod body;
mod guest;
mod outgoing;
mod state;

use std::future::{Future as _, poll_fn};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use http::{Request, Response};
use selvedge_ports::Sql;
use tokio::sync::oneshot;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::{WasiHttpView as _, p2};

use self::admission::Admission;
pub(crate) use self::body::GuestBody;
use self::guest::Guest;
pub(crate) use self::outgoing::{NodeClient, client as node_client};
use self::state::{Shared, State};
use crate::engine_config::{self, INSTANCES_MAX};
use crate::log;
use crate::settings::HostSettings;
use crate::upload::Upload;

/// Requests that wait for an instance beside those that have one. One more is turned away at once.
const WAITING_MAX: usize = 1_024;
/// How long one request may hold an instance, its answer's body included.
const HOLD: Duration = Duration::from_secs(30);
/// How often running guests give way to each other, and to the clock that ends them.
const TICK: Duration = Duration::from_millis(10);

/// The loaded component.
#[derive(Clone)]
pub(crate) struct Edge {
    pre: ProxyPre<State>,
    shared: Arc<Shared>,
    admission: Admission,
}

/// Why there is no answer from the component.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Too much to do: come back later.
    Busy,
    /// The request has no `Host`, or less body than it announced.
    Malformed,
    /// The component failed or took too long; the log says more.
    Failed,
}

impl Edge {
    /// Load the component that `path` holds compiled.
    pub(crate) fn load(path: &Path, sql: Arc<dyn Sql>, settings: HostSettings) -> Result<Self> {
        let engine = Engine::new(&engine_config::config())
            .map_err(wasmtime_error)
            .context("this machine cannot run the component")?;
        let component = deserialize(&engine, path)?;
        let mut linker = Linker::new(&engine);
        let linked = (|| {
            wasmtime_wasi::p2::add_to_linker_async::<State>(&mut linker)?;
            p2::add_only_http_to_linker_async(&mut linker)?;
            bindings::add_to_linker(&mut linker)?;
            ProxyPre::new(linker.instantiate_pre(&component)?)
        })();
        let pre = linked
            .map_err(wasmtime_error)
            .with_context(|| format!("{} does not fit this program: build both anew", path.display()))?;
        tick(&engine)?;
        let shared = Arc::new(Shared { sql, settings });
        let admission = Admission::new(INSTANCES_MAX as usize, WAITING_MAX);
        Ok(Self { pre, shared, admission })
    }

    /// Let the component answer.
    pub(crate) async fn answer(&self, request: Request<Upload>) -> Result<Response<GuestBody>, Refusal> {
        let place = self.admission.enter().await.ok_or(Refusal::Busy)?;
        let mut store = Store::new(self.pre.engine(), State::new(&self.shared));
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let (answer, mut answered) = oneshot::channel();
        let incoming = store
            .data_mut()
            .http()
            .new_incoming_request(Scheme::Http, request)
            .map_err(|_| Refusal::Malformed)?;
        let outparam = store.data_mut().http().new_response_outparam(answer).map_err(|_| Refusal::Failed)?;
        let pre = self.pre.clone();
        let mut guest = Guest::new(HOLD, async move {
            let work = async {
                let proxy = pre.instantiate_async(&mut store).await?;
                proxy.wasi_http_incoming_handler().call_handle(&mut store, incoming, outparam).await
            };
            if let Err(error) = work.await {
                failed(&error);
            }
            drop(store);
            drop(place);
        });
        // A guest that ends without an answer drops the other end.
        let answered = poll_fn(|context| {
            let _ = guest.poll(context);
            Pin::new(&mut answered).poll(context)
        });
        match answered.await {
            Ok(Ok(response)) => Ok(response.map(|body| GuestBody::new(body, guest))),
            Ok(Err(code)) => {
                log::event("request.failed", &[("error", &format!("{code:?}"))]);
                Err(Refusal::Failed)
            }
            Err(_) => Err(Refusal::Failed),
        }
    }
}

fn failed(error: &wasmtime::Error) {
    let trap = error.downcast_ref::<wasmtime::Trap>().map(ToString::to_string);
    log::event("component.failed", &[("error", trap.as_deref().unwrap_or("a host call failed"))]);
}

#[expect(
    unsafe_code,
    reason = "the file is this installation's own, made by the packager, and wasmtime refuses one of another version or configuration"
)]
fn deserialize(engine: &Engine, path: &Path) -> Result<Component> {
    // SAFETY: as said above; whoever can write there can replace this program as well.
    unsafe { Component::deserialize_file(engine, path) }
        .map_err(wasmtime_error)
        .with_context(|| format!("cannot load {}: build it anew with `cargo xtask build native`", path.display()))
}

/// Advance the epoch for as long as the engine lives.
fn tick(engine: &Engine) -> Result<()> {
    let weak = engine.weak();
    std::thread::Builder::new().name("epoch".to_owned()).spawn(move || {
        while let Some(engine) = weak.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    })?;
    Ok(())
}

fn wasmtime_error(error: wasmtime::Error) -> anyhow::Error {
    anyhow::Error::msg(format!("{error:#}"))
}
