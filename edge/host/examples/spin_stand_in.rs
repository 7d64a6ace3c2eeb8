//! Runs the Spin artifact where there is no Spin: WASI 0.2 HTTP, `spin:sqlite` on libSQL and `fermyon:spin/variables`, and nothing else, so
//! an import that Spin does not offer is found. No substitute for Spin: no triggers, no manifest, one component.
//!
//! `spin_stand_in --component spin.cwasm --site DIR --database FILE --listen ADDRESS --variable public_url=…`; prints `spin stand-in ready at …`.

#![allow(clippy::print_stdout, reason = "a command-line program")]

#[path = "../src/engine_config.rs"]
#[allow(dead_code, reason = "shared with the host")]
mod engine_config;

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use clap::Parser;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use wasmtime::component::{Component, HasSelf, Linker, Resource, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView, p2};

mod bindings {
    #![allow(missing_docs, clippy::all, reason = "generated")]
    wasmtime::component::bindgen!({
        path: ["../spin/wit/spin-sqlite-3.0.0", "../spin/wit/fermyon-spin-2.0.0"],
        inline: "package selvedge:stand-in; world spin { import spin:sqlite/sqlite@3.0.0; import fermyon:spin/variables@2.0.0; }",
        imports: { default: async | trappable },
        with: { "spin:sqlite/sqlite.connection": libsql::Connection },
    });
}

use bindings::fermyon::spin::variables;
use bindings::spin::sqlite::sqlite;

#[derive(Parser)]
struct Arguments {
    /// The Spin artifact, compiled ahead of time by the packager
    #[arg(long)]
    component: PathBuf,
    /// Mounted at /site
    #[arg(long)]
    site: PathBuf,
    /// The database `default`
    #[arg(long)]
    database: PathBuf,
    /// Address to listen on
    #[arg(long)]
    listen: SocketAddr,
    /// name=value
    #[arg(long)]
    variable: Vec<String>,
}

struct Shared {
    variables: HashMap<String, String>,
    database: PathBuf,
    site: PathBuf,
}

struct State {
    shared: Arc<Shared>,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: Anywhere,
    table: ResourceTable,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let engine = Engine::new(&engine_config::config()).map_err(said)?;
    let component = load(&engine, &arguments.component)?;
    let mut linker = Linker::<State>::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).map_err(said)?;
    p2::add_only_http_to_linker_async(&mut linker).map_err(said)?;
    sqlite::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state).map_err(said)?;
    variables::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state).map_err(said)?;
    let pre = ProxyPre::new(linker.instantiate_pre(&component).map_err(said)?).map_err(said)?;
    let variables = arguments.variable.iter().filter_map(|pair| pair.split_once('='));
    let shared = Arc::new(Shared {
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        database: arguments.database,
        site: arguments.site,
    });
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("spin stand-in ready at http://{}", listener.local_addr()?);
    loop {
        let (connection, _) = listener.accept().await?;
        let (pre, shared) = (pre.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (pre, shared) = (pre.clone(), Arc::clone(&shared));
                async move { Ok::<_, Infallible>(answer(pre, shared, request).await.unwrap_or_else(failed)) }
            });
            // A client that left is no concern.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
        });
    }
}

#[expect(unsafe_code, reason = "compiled by the packager a moment before")]
fn load(engine: &Engine, path: &std::path::Path) -> Result<Component> {
    // SAFETY: as said above.
    unsafe { Component::deserialize_file(engine, path) }.map_err(said)
}

async fn answer(pre: ProxyPre<State>, shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<UnsyncBoxBody<Bytes, Error>>> {
    let wasi = WasiCtx::builder()
        .inherit_stderr()
        .preopened_dir(&shared.site, "/site", FsPerms::ReadOnly)
        .map_err(said)?
        .build();
    let state = State {
        shared,
        wasi,
        http: WasiHttpCtx::new(),
        hooks: Anywhere,
        table: ResourceTable::new(),
    };
    let mut store = Store::new(pre.engine(), state);
    store.set_epoch_deadline(u64::MAX / 2);
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let incoming = store.data_mut().http().new_incoming_request(Scheme::Http, request).map_err(said)?;
    let outparam = store.data_mut().http().new_response_outparam(sender).map_err(said)?;
    tokio::spawn(async move {
        let ran = async {
            let proxy = pre.instantiate_async(&mut store).await?;
            proxy.wasi_http_incoming_handler().call_handle(&mut store, incoming, outparam).await
        };
        if let Err(error) = ran.await {
            println!("the component failed: {error:?}");
        }
    });
    receiver.await?.map_err(|code| anyhow!("{code:?}"))
}

fn failed(error: anyhow::Error) -> Response<UnsyncBoxBody<Bytes, Error>> {
    println!("no answer: {error:#}");
    let mut response = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

fn said(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}")
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

struct Anywhere;

type Finished = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Answered = Box<dyn Future<Output = Result<(Response<WasiBody>, Finished), Error>> + Send>;

impl WasiHttpHooks for Anywhere {
    fn send_request(&mut self, request: Request<WasiBody>, _: Option<RequestOptions>, _: Finished) -> Answered {
        Box::new(async move {
            let client = Client::builder(TokioExecutor::new()).build_http();
            let response = client.request(request).await.map_err(|_| Error::ConnectionRefused)?;
            let nothing: Finished = Box::new(async { Ok(()) });
            Ok((response.map(|body| body.map_err(Error::from).boxed_unsync()), nothing))
        })
    }
}

impl variables::Host for State {
    async fn get(&mut self, name: String) -> wasmtime::Result<Result<String, variables::Error>> {
        let valid = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !valid {
            return Ok(Err(variables::Error::InvalidName(name)));
        }
        Ok(self.shared.variables.get(&name).cloned().ok_or(variables::Error::Undefined(name)))
    }
}

impl sqlite::Host for State {}

impl sqlite::HostConnection for State {
    async fn open(&mut self, database: String) -> wasmtime::Result<Result<Resource<libsql::Connection>, sqlite::Error>> {
        if database != "default" {
            return Ok(Err(sqlite::Error::NoSuchDatabase));
        }
        let opened = async {
            let connection = libsql::Builder::new_local(&self.shared.database).build().await?.connect()?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            Ok(connection)
        };
        match opened.await {
            Ok(connection) => Ok(Ok(self.table.push(connection)?)),
            Err(error) => Ok(Err(io(error))),
        }
    }

    async fn execute(
        &mut self,
        connection: Resource<libsql::Connection>,
        statement: String,
        parameters: Vec<sqlite::Value>,
    ) -> wasmtime::Result<Result<sqlite::QueryResult, sqlite::Error>> {
        let connection = self.table.get(&connection)?.clone();
        Ok(execute(&connection, &statement, parameters).await.map_err(io))
    }

    async fn changes(&mut self, connection: Resource<libsql::Connection>) -> wasmtime::Result<u64> {
        Ok(self.table.get(&connection)?.changes())
    }

    async fn drop(&mut self, connection: Resource<libsql::Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

async fn execute(connection: &libsql::Connection, statement: &str, parameters: Vec<sqlite::Value>) -> libsql::Result<sqlite::QueryResult> {
    let parameters: Vec<libsql::Value> = parameters
        .into_iter()
        .map(|value| match value {
            sqlite::Value::Integer(number) => libsql::Value::Integer(number),
            sqlite::Value::Real(number) => libsql::Value::Real(number),
            sqlite::Value::Text(text) => libsql::Value::Text(text),
            sqlite::Value::Blob(bytes) => libsql::Value::Blob(bytes),
            sqlite::Value::Null => libsql::Value::Null,
        })
        .collect();
    let mut found = connection.query(statement, parameters).await?;
    let width = found.column_count();
    let columns = (0..width).map(|at| found.column_name(at).unwrap_or_default().to_owned()).collect();
    let mut rows = Vec::new();
    while let Some(row) = found.next().await? {
        let values = (0..width)
            .map(|at| row.get_value(at).map(shown))
            .collect::<libsql::Result<Vec<_>>>()?;
        rows.push(sqlite::RowResult { values });
    }
    Ok(sqlite::QueryResult { columns, rows })
}

fn shown(value: libsql::Value) -> sqlite::Value {
    match value {
        libsql::Value::Null => sqlite::Value::Null,
        libsql::Value::Integer(number) => sqlite::Value::Integer(number),
        libsql::Value::Real(number) => sqlite::Value::Real(number),
        libsql::Value::Text(text) => sqlite::Value::Text(text),
        libsql::Value::Blob(bytes) => sqlite::Value::Blob(bytes),
    }
}

/// Spin gives SQLite's words and not its code.
fn io(error: libsql::Error) -> sqlite::Error {
    match error {
        libsql::Error::SqliteFailure(_, words) => sqlite::Error::Io(words),
        other => sqlite::Error::Io(other.to_string()),
    }
}
