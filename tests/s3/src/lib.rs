//! A real S3 server for tests: `s3s` with its file system, on loopback, on a free port. It checks signatures, as one on the network would.
//!
//! Two things are added. Of several conditional writes to one name exactly one succeeds: the file system alone looks first and writes later.
//! And it has [`Weather`], because a network has.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use hyper::body::Incoming;
use hyper::header::IF_NONE_MATCH;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpResponse};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};

/// The bucket that is there.
pub const BUCKET: &str = "kernels";
/// Who may use it.
pub const KEY_ID: &str = "AKIDTEST";
/// With this.
pub const SECRET: &str = "a secret that must not be seen";

const BUCKETS: &str = "buckets";
const CREDENTIALS: &str = "credentials";

/// How the server answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    /// As it should.
    #[default]
    Fine,
    /// After this time.
    Slow(Duration),
    /// With 503, so many times; then as it should.
    Busy(u32),
    /// It does what it is asked, but its answers to writes are lost on the way.
    AnswersLost,
    /// It does not look at `If-None-Match`, as some servers.
    Careless,
}

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    folder: TempDir,
    shared: Arc<Shared>,
    serving: Mutex<Option<JoinHandle<()>>>,
    runtime: Option<Runtime>,
}

struct Shared {
    service: S3Service,
    /// Of all buckets.
    folder: PathBuf,
    weather: Mutex<Weather>,
    /// Held by the conditional write that is under way.
    writing: tokio::sync::Mutex<()>,
    requests: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Shared")
            .field("weather", &self.weather)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Start with an empty bucket.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())?;
        let buckets = folder.path().join(BUCKETS);
        std::fs::create_dir_all(buckets.join(BUCKET))?;
        let words = format!("[default]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n");
        std::fs::write(folder.path().join(CREDENTIALS), words)?;
        let files = s3s_fs::FileSystem::new(&buckets).map_err(|error| anyhow!("the S3 server's folder: {error:?}"))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let shared = Arc::new(Shared {
            service: builder.build(),
            folder: buckets,
            weather: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
            requests: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("no runtime for the S3 server")?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Self {
            address: listener.local_addr()?,
            folder,
            shared,
            serving: Mutex::default(),
            runtime: Some(runtime),
        };
        server.serve(listener)?;
        Ok(server)
    }

    /// Origin.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the bucket's objects are: files, by their keys.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join(BUCKETS).join(BUCKET)
    }

    /// A file with the words of whoever may use it.
    #[must_use]
    pub fn credentials(&self) -> PathBuf {
        self.folder.path().join(CREDENTIALS)
    }

    /// From now on it answers like this.
    pub fn set(&self, weather: Weather) {
        *lock(&self.shared.weather) = weather;
    }

    /// Nothing listens any more, and what was connected is not.
    pub fn go_away(&self) {
        if let Some(serving) = lock(&self.serving).take() {
            serving.abort();
            // Its connections end with it; a blocked one would keep the port.
            while !serving.is_finished() {
                std::thread::yield_now();
            }
        }
    }

    /// It listens again, where it did.
    pub fn come_back(&self) -> Result<()> {
        self.serve(TcpListener::bind(self.address)?)
    }

    /// What was asked since the last time that somebody wanted to know: method, path and query.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared.requests))
    }

    fn serve(&self, listener: TcpListener) -> Result<()> {
        let runtime = self.runtime.as_ref().context("the server has ended")?;
        listener.set_nonblocking(true)?;
        let _in_it = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        *lock(&self.serving) = Some(runtime.spawn(accept(listener, self.shared.clone())));
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let shared = shared.clone();
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, &shared));
            // An answer that is lost ends the connection.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, shared: &Shared) -> Result<HttpResponse, Lost> {
    let writes = request.method() == Method::PUT;
    lock(&shared.requests).push(format!("{} {}", request.method(), request.uri()));
    let weather = {
        let mut weather = lock(&shared.weather);
        let now = *weather;
        if let Weather::Busy(times) = &mut *weather {
            *times = times.saturating_sub(1);
        }
        now
    };
    match weather {
        Weather::Slow(time) => tokio::time::sleep(time).await,
        Weather::Busy(1..) => {
            let mut busy = Response::new(Body::from("<Error><Code>SlowDown</Code></Error>".to_owned()));
            *busy.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(busy);
        }
        // The header is signed, so what it would find goes instead.
        Weather::Careless if writes => {
            let _ = std::fs::remove_file(shared.folder.join(request.uri().path().trim_start_matches('/')));
        }
        Weather::Fine | Weather::Busy(0) | Weather::AnswersLost | Weather::Careless => {}
    }
    let _alone = match request.headers().contains_key(IF_NONE_MATCH) {
        true => Some(shared.writing.lock().await),
        false => None,
    };
    let answer = hyper::service::Service::call(&shared.service, request).await.map_err(|_| Lost)?;
    if writes && weather == Weather::AnswersLost {
        return Err(Lost);
    }
    Ok(answer)
}

/// There is no answer.
#[derive(Debug)]
struct Lost;

impl std::fmt::Display for Lost {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the answer was lost")
    }
}

impl std::error::Error for Lost {}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
