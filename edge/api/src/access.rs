//! Finding a thing and checking that the caller may do this to it, by the row in [`crate::policy`].
//! What does not exist and what is hidden give the same answer.

use selvedge_ports::id::{self, Kind};
use selvedge_ports::shapes::{Action, Kernel, Notebook, Role, Run};
use selvedge_ports::{Error, ErrorKind, Result};

use crate::policy::{Operation, Who};
use crate::{Caller, Platform};

/// The caller's role in the project, when it suffices.
pub async fn project(platform: &Platform, caller: &Caller, operation: Operation, project: &str) -> Result<Role> {
    if !id::is(Kind::Project, project) {
        return Err(no_project());
    }
    let role = platform.auth.authorize(&caller.principal, action(operation)?, project).await;
    role.map_err(|error| hidden(error, no_project))
}

/// The notebook and the caller's role in its project, when it suffices.
pub async fn notebook(platform: &Platform, caller: &Caller, operation: Operation, notebook: &str) -> Result<(Notebook, Role)> {
    if !id::is(Kind::Notebook, notebook) {
        return Err(no_notebook());
    }
    let found = platform
        .workspace
        .get_notebook(notebook)
        .await
        .map_err(|error| hidden(error, no_notebook))?;
    let role = platform
        .auth
        .authorize(&caller.principal, action(operation)?, &found.summary.project)
        .await;
    Ok((found, role.map_err(|error| hidden(error, no_notebook))?))
}

/// The notebook's kernel, when the caller's role in its project suffices.
pub async fn kernel(platform: &Platform, caller: &Caller, operation: Operation, notebook: &str) -> Result<Kernel> {
    if !id::is(Kind::Notebook, notebook) {
        return Err(no_notebook());
    }
    let found = platform
        .workspace
        .get_kernel(notebook)
        .await
        .map_err(|error| hidden(error, no_notebook))?;
    let role = platform.auth.authorize(&caller.principal, action(operation)?, &found.project).await;
    role.map_err(|error| hidden(error, no_notebook))?;
    Ok(found)
}

/// The run, when the caller's role in its project suffices.
pub async fn run(platform: &Platform, caller: &Caller, operation: Operation, run: &str) -> Result<Run> {
    if !id::is(Kind::Run, run) {
        return Err(no_run());
    }
    let found = platform.workspace.get_run(run).await.map_err(|error| hidden(error, no_run))?;
    let role = platform.auth.authorize(&caller.principal, action(operation)?, &found.project).await;
    role.map_err(|error| hidden(error, no_run))?;
    Ok(found)
}

/// The table's action for an operation on a project.
fn action(operation: Operation) -> Result<Action> {
    match operation.who() {
        Who::May(action) => Ok(action),
        Who::Anyone | Who::Reporter | Who::SignedIn => {
            Err(Error::internal("policy.no_action", format!("{operation:?} is not about a project")))
        }
    }
}

fn hidden(error: Error, missing: fn() -> Error) -> Error {
    if error.kind == ErrorKind::NotFound { missing() } else { error }
}

fn no_project() -> Error {
    Error::not_found("project.not_found", "There is no such project, or it is not yours to see.")
}

fn no_notebook() -> Error {
    Error::not_found("notebook.not_found", "There is no such notebook, or it is not yours to see.")
}

fn no_run() -> Error {
    Error::not_found("run.not_found", "There is no such run, or it is not yours to see.")
}
