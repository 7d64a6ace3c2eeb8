//! Connections to an edge under `http:` or `https:`; certificates are checked against the system's.

use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;

/// What opens connections.
pub(crate) type Connector = HttpsConnector<HttpConnector>;

/// Schemes that this build can speak.
pub(crate) const SCHEMES: &[&str] = &["http", "https"];

/// Connections without delay for small requests, given up after two seconds.
pub(crate) fn connector() -> std::io::Result<Connector> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(Duration::from_secs(2)));
    connector.enforce_http(false);
    Ok(HttpsConnectorBuilder::new()
        .with_native_roots()?
        .https_or_http()
        .enable_http1()
        .wrap_connector(connector))
}
