//! Ends that the edge decides: no credits, no node, a node that fell silent. The workspace writes the `ended` event.

use selvedge_ports::shapes::{Run, RunEnd, RunError, RunStatus};
use selvedge_ports::{Error, ErrorKind, Result};

use crate::Platform;

/// End a run whose hold was refused.
pub(super) async fn refused(platform: &Platform, run: &Run, why: &Error) -> Result<Run> {
    let insufficient = why.kind == ErrorKind::InsufficientCredits;
    let error = insufficient.then(|| RunError {
        type_name: "InsufficientCredits".to_owned(),
        message: why.message.clone(),
        traceback: String::new(),
    });
    end(platform, run, if insufficient { RunStatus::Failed } else { RunStatus::Lost }, error).await
}

/// Give up a run: nothing is billed.
pub(super) async fn lost(platform: &Platform, run: &Run) -> Result<Run> {
    platform.billing.release(&run.id).await?;
    match end(platform, run, RunStatus::Lost, None).await {
        // Somebody else ended it meanwhile.
        Err(error) if error.kind == ErrorKind::Conflict => platform.workspace.get_run(&run.id).await,
        ended => ended,
    }
}

async fn end(platform: &Platform, run: &Run, status: RunStatus, error: Option<RunError>) -> Result<Run> {
    let end = RunEnd {
        status,
        fuel: 0,
        duration_ms: 0,
        cost: 0,
        error,
        truncated: run.truncated,
        receipt: None,
        checkpoint: None,
    };
    platform.workspace.append_events(&run.id, &[], Some(&end)).await
}
