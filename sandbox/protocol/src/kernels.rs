//! What the edge asks of a node about a kernel's checkpoints: `POST /v1/kernels/{kernel}/…` with a ticket for that kernel and the body's digest.

use serde::{Deserialize, Serialize};

use crate::order::Seal;

/// Body of an import: a line with [`OfProject`] as JSON, and the exported file.
pub const IMPORT_BYTES_MAX: u64 = 256 << 20;
/// Kernels that one fork can begin.
pub const FORKS_MAX: usize = 1000;

/// `history`, `restart`, `remove`; and the first line of an `import`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfProject {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key.
    pub seal: Seal,
}

/// `rewind`: make the kernel what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rewind {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key.
    pub seal: Seal,
    /// At which checkpoint.
    pub number: u64,
}

/// `fork`: begin other kernels with what this one is, or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key.
    pub seal: Seal,
    /// At which checkpoint; the newest when none is named.
    #[serde(default)]
    pub number: Option<u64>,
    /// Ids of the new ones (`krn_…`).
    pub kernels: Vec<String>,
}

/// `name`: a checkpoint with a name is kept for as long as it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key.
    pub seal: Seal,
    /// Which checkpoint.
    pub number: u64,
    /// 1 to 100 bytes.
    pub name: String,
    /// False takes the name away again.
    pub keep: bool,
}

/// `diff`: how checkpoint `b` differs from checkpoint `a`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key.
    pub seal: Seal,
    /// The earlier one, most of the time.
    pub a: u64,
    /// The other one.
    pub b: u64,
}

/// `export`: the kernel as one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Whose kernel it is (`prj_…`).
    pub project: String,
    /// The project's key.
    pub seal: Seal,
    /// A larger file is of no use, in bytes.
    #[serde(default)]
    pub most: Option<u64>,
}

/// The answer to `history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Oldest first.
    pub checkpoints: Vec<Moment>,
    /// The one that the kernel is; none when it is empty, whatever it was before.
    pub newest: Option<u64>,
}

/// A state that a kernel was in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Number of the checkpoint.
    pub number: u64,
    /// When it was made: milliseconds since the epoch.
    pub at: u64,
    /// The checkpoint before it: whose, and its number.
    pub parent: Option<(String, u64)>,
    /// It is what its parent is: somebody went back there, or began with it.
    pub same: bool,
    /// Bytes that it takes at the node.
    pub bytes: u64,
    /// Its names.
    pub names: Vec<String>,
}

/// The answer to `diff`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Bytes of memory, then and now.
    pub memory_bytes: (u64, u64),
    /// Numbers of the 4 KiB pages that differ, ascending.
    pub pages: Vec<u32>,
    /// Whether the files differ.
    pub files: bool,
}
