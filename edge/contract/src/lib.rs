//! The JSON of the public API, shared by server and browser. Field names are the wire's; times are RFC 3339 UTC; money is whole micro-credits.

pub mod account;
pub mod error;
pub mod health;
pub mod kernel;
pub mod notebook;
pub mod run;
pub mod shown;
pub mod task;
pub mod time;

pub use account::{Account, ApiKey, CreateKey, CreatedKey, Me, ScratchCreated};
pub use error::{ErrorBody, ErrorEnvelope};
pub use health::{Health, Version};
pub use kernel::{CheckCode, Checkpoint, CheckpointDiff, Checkpoints, CompleteCode, ForkNotebook, InspectCode, ReadPage, RewindKernel};
pub use notebook::{
    Cell, CreateCell, CreateNotebook, CreateProject, NewCell, Notebook, NotebookSummary, Project, ProjectSettings, PutCell,
};
pub use run::{CreateRun, Event, InputLine, InputRequest, Limits, Output, Run, RunAccepted, RunCell, RunError, RunSummary, Status};
pub use task::{Measure, SignedReceipt, Task};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// In the list's own order.
    pub items: Vec<T>,
    /// Give it as `after` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
