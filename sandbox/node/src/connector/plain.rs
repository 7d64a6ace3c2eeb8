//! Connections to an edge under `http:`.

use std::time::Duration;

use hyper_util::client::legacy::connect::HttpConnector;

/// What opens connections.
pub(crate) type Connector = HttpConnector;

/// Schemes that this build can speak.
pub(crate) const SCHEMES: &[&str] = &["http"];

/// Connections without delay for small requests, given up after two seconds.
#[expect(clippy::unnecessary_wraps, reason = "the TLS connector can fail to read the system's certificates")]
pub(crate) fn connector() -> std::io::Result<Connector> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(Duration::from_secs(2)));
    Ok(connector)
}
