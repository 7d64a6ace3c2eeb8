//! Who is asking, keys and credits.

use serde::{Deserialize, Serialize};

/// `POST /api/v1/scratch`: an anonymous principal with a project and a notebook of three cells. The sign-in cookies are set as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScratchCreated {
    /// Access token for `Authorization: Bearer`; good for ten minutes.
    pub token: String,
    /// `prj_…`
    pub project: String,
    /// `ntb_…`
    pub notebook: String,
}

/// `GET /api/v1/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// `usr_…`
    pub id: String,
    /// Name to show.
    pub name: String,
    /// True for a visitor without an account.
    pub anonymous: bool,
}

/// A project's credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Sum of the ledger, in micro-credits.
    pub balance: i64,
    /// Part of it kept back by runs that have not ended, in micro-credits.
    pub held: i64,
}

/// `POST /api/v1/projects/{id}/keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// 1 to 100 characters.
    pub name: String,
    /// `viewer`, `editor`, `admin` or `owner`; never more than one's own role. Default `editor`.
    #[serde(default)]
    pub role: Option<String>,
    /// RFC 3339; none: until revoked.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// An API key without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// `key_…`
    pub id: String,
    /// The project it opens; none: all of its maker's.
    pub project: Option<String>,
    /// Label.
    pub name: String,
    /// The most it allows.
    pub role: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub expires_at: Option<String>,
    /// RFC 3339.
    pub revoked_at: Option<String>,
}

/// A new key with its secret, shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedKey {
    /// The key's record.
    pub key: ApiKey,
    /// `slv_…`
    pub secret: String,
}
