//! Everything that the edge stands on, handed in by the adapter.

use std::sync::Arc;

use selvedge_ports::{Auth, Billing, Clock, Entropy, Http, Log, Settings, Workspace};

/// Services, ports and configuration of one edge.
pub struct Platform {
    /// Identity and authorization.
    pub auth: Arc<dyn Auth>,
    /// Projects, notebooks, runs.
    pub workspace: Arc<dyn Workspace>,
    /// Credits.
    pub billing: Arc<dyn Billing>,
    /// Outgoing HTTP, to nodes.
    pub http: Arc<dyn Http>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Log.
    pub log: Arc<dyn Log>,
    /// Configuration.
    pub config: Config,
}

/// Who keeps a live event stream open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streams {
    /// The handler looks at the event log at intervals.
    Poll,
    /// The handler authorizes and answers with `x-selvedge-stream`; the host serves the stream from the event log.
    Offload,
}

/// Configuration of one edge.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which adapter this is: `native`, `workers` or `spin`.
    pub host: &'static str,
    /// Origin under which browsers reach this edge, without a trailing slash. With `https:` cookies are `__Host-` and HSTS is sent.
    pub public_url: String,
    /// Origin of the node that runs are sent to; none: runs are refused with `unavailable`.
    pub node_url: Option<String>,
    /// Origin under which nodes reach this edge.
    pub report_url: String,
    /// Who keeps live streams open.
    pub streams: Streams,
}

impl Config {
    /// From the settings `public-url`, `node-url` and `report-url` (default: the public one).
    pub fn from_settings(settings: &dyn Settings, host: &'static str, streams: Streams) -> Self {
        let origin = |name: &str| {
            settings
                .get(name)
                .filter(|url| !url.is_empty())
                .map(|url| url.trim_end_matches('/').to_owned())
        };
        let public_url = origin("public-url").unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
        Self {
            host,
            node_url: origin("node-url"),
            report_url: origin("report-url").unwrap_or_else(|| public_url.clone()),
            public_url,
            streams,
        }
    }
}
