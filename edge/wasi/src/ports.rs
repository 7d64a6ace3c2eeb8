//! Clock, entropy, outgoing HTTP, log and settings on WASI 0.2 and `selvedge:settings`.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use selvedge_ports::port::HttpError;
use selvedge_ports::{Clock, Entropy, Http, HttpRequest, HttpResponse, Log, Settings, TimestampMs};
use send_wrapper::SendWrapper;
use serde_json::{Map, Value};
use wstd::http::{Body, Client, Request};
use wstd::time::Duration;

use crate::bindings::selvedge::settings::settings;

/// Everything that WASI itself provides.
pub(crate) struct Wasi;

/// How long a node may take to take a connection, and then to answer. It only ever queues.
const CONNECT_MS: u64 = 2_000;
const ANSWER_MS: u64 = 10_000;

#[async_trait]
impl Clock for Wasi {
    fn now(&self) -> TimestampMs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    async fn sleep(&self, ms: u64) {
        SendWrapper::new(wstd::task::sleep(Duration::from_millis(ms))).await;
    }
}

impl Entropy for Wasi {
    fn fill(&self, buffer: &mut [u8]) {
        wstd::rand::get_random_bytes(buffer);
    }
}

impl Settings for Wasi {
    fn get(&self, name: &str) -> Option<String> {
        settings::get(name)
    }
}

impl Log for Wasi {
    fn event(&self, name: &str, fields: &[(&str, &str)]) {
        let mut line = Map::new();
        line.insert("event".to_owned(), Value::from(name));
        line.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))));
        let mut text = Value::Object(line).to_string();
        text.push('\n');
        // A log that cannot be written must not fail the request.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

#[async_trait]
impl Http for Wasi {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        SendWrapper::new(send(request)).await
    }
}

async fn send(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let mut builder = Request::builder().method(request.method.as_str()).uri(&request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let outgoing = builder
        .body(Body::from(request.body))
        .map_err(|error| HttpError(error.to_string()))?;
    let mut client = Client::new();
    client.set_connect_timeout(Duration::from_millis(CONNECT_MS));
    client.set_first_byte_timeout(Duration::from_millis(ANSWER_MS));
    client.set_between_bytes_timeout(Duration::from_millis(ANSWER_MS));
    let mut response = client.send(outgoing).await.map_err(|error| HttpError(error.to_string()))?;
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .contents()
        .await
        .map_err(|error| HttpError(error.to_string()))?
        .to_vec();
    Ok(HttpResponse { status, body })
}
