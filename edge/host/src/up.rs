//! `selvedge up`: everything started in the order in which it can fail with a clear reason, and ended in the reverse one.

use std::future::Future;
use std::io::{ErrorKind, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use selvedge_database::Embedded;
use selvedge_node::StoreOptions;
use selvedge_ports::Sql;
use selvedge_ports::shapes::Role;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::Up;
use crate::component::Edge;
use crate::config::{self, Assets};
use crate::data::{Data, write_private};
use crate::domains::{Domains, failed};
use crate::node::{Address, Local, Start};
use crate::server::Server;
use crate::settings::HostSettings;
use crate::site::Site;
use crate::stream::Streams;
use crate::{expiry, link, log, stopping};

/// Name of the key that `--admin-key-file` asks for.
const ADMIN_KEY: &str = "admin key file";

/// Start, serve, end.
pub(crate) fn run(up: &Up) -> Result<()> {
    let assets = Assets::find(&up.places)?;
    assets.check(up.node_url.is_none())?;
    let data = Data::open(&config::data_dir(&up.places)?)?;
    let _lock = data.lock()?;
    let database = Arc::new(Embedded::open(&data.database())?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let ended = runtime.block_on(serve(up, &assets, &data, &database));
    runtime.shutdown_timeout(stopping::LEFTOVERS_WITHIN);
    // Last: it waits for writes under way and closes the file.
    drop(database);
    ended
}

async fn serve(up: &Up, assets: &Assets, data: &Data, database: &Arc<Embedded>) -> Result<()> {
    let stop_asked = stop_asked()?;
    let listener = bind(up.listen, up.port).await?;
    let local = local_origin(listener.local_addr()?);
    let public_url = up.public_url.clone().unwrap_or_else(|| local.clone());
    let (address_in, address) = watch::channel(up.node_url.as_deref().map(Arc::from));
    let settings = HostSettings {
        public_url: Arc::from(public_url.as_str()),
        // Our own node stands beside us; somebody else's knows the public address.
        report_url: Arc::from(if up.node_url.is_none() {
            local.as_str()
        } else {
            public_url.as_str()
        }),
        signing_key: Arc::from(data.signing_key()),
        node: Address::watching(address),
    };
    let sql: Arc<dyn Sql> = Arc::clone(database) as Arc<dyn Sql>;
    let domains = Domains::new(&sql, &settings);
    domains.migrate().await?;
    data.remember_origin(&public_url)?;
    let (stop, stopping) = stopping::channel();
    let platform = Arc::new(domains.platform(&settings));
    let server = Arc::new(Server {
        edge: Edge::load(&assets.component(), sql, settings)?,
        site: Site::load(&assets.site())?,
        database: Arc::clone(database),
        streams: Streams {
            platform: Arc::clone(&platform),
            commits: database.commits(),
            stopping: stopping.clone(),
        },
    });
    let expiry = tokio::spawn(expiry::watch(Arc::clone(&platform), stopping.clone()));
    let serving = tokio::spawn(server.serve(listener, stopping));
    let mut node = match &up.node_url {
        Some(_) => None,
        None => Some(start_node(assets, data, &local, &up.store, address_in).await?),
    };
    if let Some(path) = &up.admin_key_file {
        admin_key(&domains, path).await?;
    }
    announce(
        &local,
        &link::make(&domains, &public_url).await?,
        data.root(),
        up.node_url.as_deref(),
    )?;
    stop_asked.await;
    log::event("stopping", &[]);
    // The node first: while it ends it still reports to us.
    if let Some(mut node) = node.take() {
        let _ = tokio::task::spawn_blocking(move || node.stop()).await;
    }
    stop.now();
    let _ = tokio::join!(serving, expiry);
    Ok(())
}

async fn start_node(
    assets: &Assets,
    data: &Data,
    edge: &str,
    store: &StoreOptions,
    address: watch::Sender<Option<Arc<str>>>,
) -> Result<Local> {
    let start = Start {
        program: std::env::current_exe().context("cannot tell where this program is")?,
        edge: edge.to_owned(),
        data: data.node(),
        store: store.clone(),
        image: assets.images(),
        worker: assets.worker(),
    };
    let (node, first) = Local::start(start, address)?;
    match first.await {
        Ok(Ok(())) => Ok(node),
        Ok(Err(why)) => bail!("{why}"),
        Err(_) => bail!("the local node could not be started"),
    }
}

async fn bind(listen: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(listen, port))
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => anyhow!("port {port} on {listen} is in use: stop what uses it, or choose another one with --port"),
            ErrorKind::PermissionDenied => anyhow!("port {port} needs more rights: choose one above 1023 with --port"),
            ErrorKind::AddrNotAvailable => anyhow!("{listen} is not an address of this machine: choose another one with --listen"),
            _ => anyhow!("cannot listen on {listen}:{port}: {error}"),
        })
}

/// Where this machine reaches the edge.
fn local_origin(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// The file holds a key of the administrator that works: the one in it, or a new one.
async fn admin_key(domains: &Domains, path: &Path) -> Result<()> {
    if let Ok(known) = std::fs::read_to_string(path)
        && domains.auth.authenticate(known.trim()).await.is_ok()
    {
        return Ok(());
    }
    let administrator = domains.auth.administrator().await.map_err(failed)?;
    let key = domains
        .auth
        .create_key(&administrator, None, ADMIN_KEY, Role::Owner, None)
        .await
        .map_err(failed)?;
    write_private(path, &key.secret)
}

fn announce(local: &str, link: &str, data: &Path, node: Option<&str>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "selvedge ready at {local}")?;
    writeln!(
        out,
        "  sign in  {link}  (works once, within an hour; `selvedge link` makes another)"
    )?;
    writeln!(out, "  data     {}", data.display())?;
    if let Some(node) = node {
        writeln!(out, "  node     {node}")?;
    }
    writeln!(out, "  stop     Ctrl-C")?;
    Ok(out.flush()?)
}

/// Ends at the first SIGINT or SIGTERM; the second one ends the process on the spot.
pub(crate) fn stop_asked() -> Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    let (asked, stop) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut asked = Some(asked);
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            match asked.take() {
                Some(asked) => drop(asked.send(())),
                None => std::process::exit(1),
            }
        }
    });
    Ok(async move {
        // The task above outlives this.
        let _ = stop.await;
    })
}
