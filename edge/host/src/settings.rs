//! What the component and the domains may know of this installation.

use std::sync::Arc;

use selvedge_ports::Settings;

use crate::node::Address;

/// The settings by name. Holds a secret, hence no `Debug`.
#[derive(Clone)]
pub(crate) struct HostSettings {
    pub(crate) public_url: Arc<str>,
    pub(crate) report_url: Arc<str>,
    pub(crate) signing_key: Arc<str>,
    /// Where the node is at this moment.
    pub(crate) node: Address,
}

impl Settings for HostSettings {
    fn get(&self, name: &str) -> Option<String> {
        match name {
            "host" => Some("native".to_owned()),
            "public-url" => Some(self.public_url.to_string()),
            "report-url" => Some(self.report_url.to_string()),
            "signing-key" => Some(self.signing_key.to_string()),
            "node-url" => self.node.get().map(|url| url.to_string()),
            _ => None,
        }
    }
}
