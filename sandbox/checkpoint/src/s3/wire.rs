//! How requests reach a bucket: the HTTP client that everything here uses, behind the interface that signs and pages.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector as MakesClients, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpService,
};
use tokio::time::timeout;

use crate::limits::OBJECT_BYTES_MAX;

/// How long a connection may take to come about.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
/// Unused connections are closed after this time: servers do the same soon after.
const IDLE: Duration = Duration::from_secs(20);
/// An upload may be as slow as this: bytes in a second.
const SLOWEST: u64 = 256 << 10;
/// An answer has at most an object, or a page of a list.
const ANSWER_BYTES_MAX: usize = OBJECT_BYTES_MAX + (1 << 20);

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Away {
    /// Nothing was sent: there is no connection.
    NotReached,
    /// It took too long.
    Slow,
    /// The connection broke in the middle.
    Broken,
    /// The answer is larger than anything that was kept.
    TooLarge,
}

impl fmt::Display for Away {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotReached => "no connection",
            Self::Slow => "no answer in time",
            Self::Broken => "the connection broke",
            Self::TooLarge => "the answer is too large",
        })
    }
}

impl Error for Away {}

/// A way to one endpoint.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    client: HttpClient,
}

impl Wire {
    /// With TLS when the endpoint is `https:`; certificates are checked against the system's. An exchange that stands still for `patience` is
    /// given up.
    ///
    /// # Errors
    /// The system's certificates cannot be read.
    pub(super) fn new(endpoint: &str, patience: Duration) -> std::io::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_PATIENCE.min(patience)));
        let client = if endpoint.starts_with("https:") {
            connector.enforce_http(false);
            let secure = HttpsConnectorBuilder::new().with_native_roots()?.https_only().enable_http1();
            client(secure.wrap_connector(connector), patience)
        } else {
            client(connector, patience)
        };
        Ok(Self { client })
    }
}

impl MakesClients for Wire {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(self.client.clone())
    }
}

fn client<C: Connect + Clone + fmt::Debug + Send + Sync + 'static>(connector: C, patience: Duration) -> HttpClient {
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .build(connector);
    HttpClient::new(Exchange { client, patience })
}

#[derive(Debug)]
struct Exchange<C> {
    client: Client<C, HttpRequestBody>,
    patience: Duration,
}

#[async_trait]
impl<C: Connect + Clone + fmt::Debug + Send + Sync + 'static> HttpService for Exchange<C> {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let upload = Duration::from_secs(request.body().content_length() as u64 / SLOWEST);
        let answer = timeout(self.patience + upload, self.client.request(request));
        let answer = answer
            .await
            .map_err(|_| failed(Away::Slow))?
            .map_err(|error| failed(if error.is_connect() { Away::NotReached } else { Away::Broken }))?;
        let (head, mut body) = answer.into_parts();
        let mut bytes = Vec::new();
        while let Some(frame) = timeout(self.patience, body.frame()).await.map_err(|_| failed(Away::Slow))? {
            let data = frame.map_err(|_| failed(Away::Broken))?.into_data().unwrap_or_default();
            if bytes.len() + data.len() > ANSWER_BYTES_MAX {
                return Err(failed(Away::TooLarge));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(HttpResponse::from_parts(head, Bytes::from(bytes).into()))
    }
}

fn failed(away: Away) -> HttpError {
    let kind = match away {
        Away::NotReached => HttpErrorKind::Connect,
        Away::Slow => HttpErrorKind::Timeout,
        Away::Broken => HttpErrorKind::Interrupted,
        Away::TooLarge => HttpErrorKind::Decode,
    };
    HttpError::new(kind, away)
}
