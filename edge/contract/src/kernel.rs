//! A notebook's kernel: what it was, what it is, and what can be asked of it.

use serde::{Deserialize, Serialize};

use crate::run::Status;

/// What a kernel was after each of its cells that is still kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checkpoints {
    /// Number of the checkpoint that the kernel is at now; 0 when it is empty.
    pub current: u64,
    /// Where to rewind to in order to undo the newest cell; 0 empties the kernel. None: there is nothing to undo.
    pub undo: Option<u64>,
    /// Newest first.
    pub items: Vec<Checkpoint>,
}

/// What a kernel was after a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checkpoint {
    /// From 1, with gaps.
    pub number: u64,
    /// RFC 3339.
    pub at: String,
    /// The checkpoint before it; none when the kernel was empty, or began with another notebook's.
    pub parent: Option<u64>,
    /// Whether what it holds is in what the kernel is now. False: it was undone.
    pub applied: bool,
    /// The run that left it (`run_…`).
    pub run: Option<String>,
    /// The cell that was run.
    pub cell: Option<String>,
    /// How that run ended.
    pub status: Option<Status>,
    /// One with a name is kept for as long as it has one.
    pub names: Vec<String>,
    /// Bytes that it takes at its node.
    pub bytes: u64,
}

/// `POST …/kernel/rewind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RewindKernel {
    /// Which checkpoint; 0 for an empty kernel.
    pub number: u64,
}

/// `POST …/kernel/complete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompleteCode {
    /// The cell's source, at most 1,000,000 bytes of UTF-8.
    pub code: String,
    /// Where the cursor is, in characters.
    pub cursor: u64,
}

/// `POST …/kernel/inspect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InspectCode {
    /// The cell's source, at most 1,000,000 bytes of UTF-8.
    pub code: String,
    /// Where the cursor is, in characters.
    pub cursor: u64,
    /// 1 adds the source of what is there.
    #[serde(default)]
    pub detail: u8,
}

/// `POST …/kernel/is-complete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckCode {
    /// The cell's source, at most 1,000,000 bytes of UTF-8.
    pub code: String,
}

/// `POST …/kernel/page`: rows of a table that was shown with an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadPage {
    /// The table's id, as it was shown with it.
    pub table: String,
    /// The first row wanted, from 0, after sorting and filtering.
    #[serde(default)]
    pub from: u64,
    /// How many: 1 to 1,000, default 100.
    #[serde(default)]
    pub count: Option<u64>,
    /// Name of the column to sort by.
    #[serde(default)]
    pub sort: Option<String>,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
    /// Text that some cell of a row holds.
    #[serde(default)]
    pub filter: String,
}

/// `POST /api/v1/notebooks/{id}/fork`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForkNotebook {
    /// 1 to 100 characters; the notebook's own, with `(fork)`, when it is left out.
    #[serde(default)]
    pub name: Option<String>,
    /// The checkpoint to begin at, 0 for an empty kernel; what the kernel is now, when it is left out.
    #[serde(default)]
    pub number: Option<u64>,
}

/// How one checkpoint differs from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckpointDiff {
    /// Bytes of memory of the one and of the other.
    pub memory_bytes: [u64; 2],
    /// How many 4 KiB pages of memory differ.
    pub pages: u64,
    /// Whether the files differ.
    pub files: bool,
}
