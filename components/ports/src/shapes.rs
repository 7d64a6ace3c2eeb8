//! The records of `wit/`, generated. Their documentation is the WIT's.

mod generated {
    #![allow(
        missing_docs,
        unsafe_code,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        reason = "generated from wit/, documented there"
    )]
    wit_bindgen::generate!({
        path: [
            "../../wit/types/0.1.0",
            "../../wit/sql/0.1.0",
            "../../wit/settings/0.1.0",
            "../../wit/auth/0.1.0",
            "../../wit/workspace/0.1.0",
            "../../wit/billing/0.1.0",
            "../../wit/platform/0.1.0",
        ],
        world: "selvedge:platform/shapes",
        generate_all,
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}

/// Modules in the layout that `wit_bindgen::generate!`'s `with` option expects.
pub mod wit {
    pub use super::generated::selvedge::auth::auth_types;
    pub use super::generated::selvedge::billing::billing_types;
    pub use super::generated::selvedge::sql::sql_types;
    pub use super::generated::selvedge::types::types;
    pub use super::generated::selvedge::workspace::workspace_types;
}

pub use wit::auth_types::*;
pub use wit::billing_types::*;
pub use wit::sql_types::*;
pub use wit::types::{Error, ErrorKind, Id, Json, MicroCredits, TimestampMs};
pub use wit::workspace_types::{
    Cell, CopiedCell, EventKind, KeptRun, Kernel, LimitsRequest, NewRun, Notebook, NotebookSummary, Project, Run, RunEnd, RunError,
    RunEvent, RunLimits, RunStatus, StartedRun,
};
