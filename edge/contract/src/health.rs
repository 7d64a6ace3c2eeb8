//! What operators ask.

use serde::{Deserialize, Serialize};

/// `GET /health/live` and `GET /health/ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok` or `unavailable`.
    pub status: String,
    /// `ok`, `unreachable` or `read-only`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// `ok`, `none` (the operator named none), `failing` or `unreachable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}

/// `GET /version`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// `selvedge`.
    pub name: String,
    /// Of the edge.
    pub version: String,
    /// Which adapter answers: `native`, `workers` or `spin`.
    pub host: String,
}
