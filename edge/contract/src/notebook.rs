//! Projects, notebooks and cells.

use serde::{Deserialize, Serialize};

use crate::run::Run;

/// `POST /api/v1/projects`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateProject {
    /// 1 to 100 characters.
    pub name: String,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// `prj_…`
    pub id: String,
    /// Shown name.
    pub name: String,
    /// The caller's role: `viewer`, `editor`, `admin` or `owner`.
    pub role: String,
    /// Whether its runs share a process with nobody else's, where the node offers that.
    #[serde(default)]
    pub private: bool,
    /// RFC 3339.
    pub created_at: String,
}

/// `PUT /api/v1/projects/{id}/settings`. What is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectSettings {
    /// Its runs share a process with nobody else's, where the node offers that. Needs an account.
    #[serde(default)]
    pub private: Option<bool>,
}

/// `POST /api/v1/projects/{id}/notebooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateNotebook {
    /// 1 to 100 characters.
    pub name: String,
    /// In display order; at most 1,000.
    #[serde(default)]
    pub cells: Vec<NewCell>,
}

/// A cell to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCell {
    /// Source, at most 1,000,000 bytes of UTF-8.
    pub code: String,
}

/// `POST /api/v1/notebooks/{id}/cells`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCell {
    /// Source.
    #[serde(default)]
    pub code: String,
    /// The cell that it comes after; none: at the top.
    #[serde(default)]
    pub after: Option<String>,
}

/// `PUT /api/v1/notebooks/{id}/cells/{cell}`, with `If-Match` naming the version that was edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutCell {
    /// Source.
    pub code: String,
}

/// A notebook in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotebookSummary {
    /// `ntb_…`
    pub id: String,
    /// Owning project.
    pub project: String,
    /// Shown name.
    pub name: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// A notebook with its cells and their last runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notebook {
    /// `ntb_…`
    pub id: String,
    /// Owning project.
    pub project: String,
    /// Shown name.
    pub name: String,
    /// The caller's role in the project.
    pub role: String,
    /// In display order.
    pub cells: Vec<Cell>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cell {
    /// `cel_…`
    pub id: String,
    /// Source.
    pub code: String,
    /// Grows with each change; as an ETag: `"<version>"`.
    pub version: u64,
    /// The newest run, with its output.
    pub last_run: Option<Run>,
    /// True when the source has changed since that run was made.
    #[serde(default)]
    pub stale: bool,
}
