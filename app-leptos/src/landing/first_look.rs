//! The landing page's cell as it is sent, and what the browser needs to take it over.

use serde::{Deserialize, Serialize};

/// Name of the island.
pub(crate) const ISLAND: &str = "trial";
/// What the cell renders to before anybody has touched it, so that the busiest page draws no chart. A test keeps it true.
#[cfg(feature = "ssr")]
pub(crate) const HTML: &str = include_str!("trial.html");

/// Who sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Visitor {
    /// Their newest project, when they have one: then the notebook goes there.
    pub(crate) project: Option<String>,
}
