//! What one instance sees of the host.

use std::sync::Arc;

use selvedge_ports::Sql;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::outgoing::ToNode;
use crate::settings::HostSettings;

/// Shared by all instances.
pub(super) struct Shared {
    pub(super) sql: Arc<dyn Sql>,
    pub(super) settings: HostSettings,
}

/// Of one instance.
pub(crate) struct State {
    pub(super) shared: Arc<Shared>,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: ToNode,
    table: ResourceTable,
}

impl State {
    /// No files, no environment, no sockets; standard error for the log; HTTP to the node.
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self {
            shared: Arc::clone(shared),
            wasi: WasiCtx::builder().inherit_stderr().allow_tcp(false).allow_udp(false).build(),
            http: WasiHttpCtx::new(),
            hooks: ToNode(shared.settings.node.clone()),
            table: ResourceTable::new(),
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.hooks,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}
