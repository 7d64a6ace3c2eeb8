//! Each exported function is the domain's.

use std::sync::OnceLock;

use selvedge_guest::{host, now};
use selvedge_ports::shapes::{
    Cell, CopiedCell, Id, KeptRun, Kernel, NewRun, Notebook, NotebookSummary, Project, Run, RunEnd, RunEvent, StartedRun, TimestampMs,
};
use selvedge_ports::{Result, Workspace};
use selvedge_workspace::Workspace as Domain;

use crate::bindings::exports::selvedge::workspace::workspace::Guest;

struct Component;

/// One per instance.
fn domain() -> &'static Domain {
    static DOMAIN: OnceLock<Domain> = OnceLock::new();
    DOMAIN.get_or_init(|| Domain::new(host(), host(), host()))
}

impl Guest for Component {
    fn migrate() -> Result<()> {
        now(domain().migrate())
    }
    fn create_project(id: Id, name: String, created_by: Id) -> Result<Project> {
        now(domain().create_project(&id, &name, &created_by))
    }
    fn get_project(id: Id) -> Result<Project> {
        now(domain().get_project(&id))
    }
    fn list_projects(ids: Vec<Id>) -> Result<Vec<Project>> {
        now(domain().list_projects(&ids))
    }
    fn set_private(project: Id, private: bool) -> Result<Project> {
        now(domain().set_private(&project, private))
    }
    fn create_notebook(project: Id, name: String, cells: Vec<String>) -> Result<Notebook> {
        now(domain().create_notebook(&project, &name, &cells))
    }
    fn copy_notebook(project: Id, name: String, kernel: Id, cells: Vec<CopiedCell>) -> Result<Notebook> {
        now(domain().copy_notebook(&project, &name, &kernel, &cells))
    }
    fn get_notebook(id: Id) -> Result<Notebook> {
        now(domain().get_notebook(&id))
    }
    fn remove_notebook(id: Id) -> Result<()> {
        now(domain().remove_notebook(&id))
    }
    fn get_kernel(notebook: Id) -> Result<Kernel> {
        now(domain().get_kernel(&notebook))
    }
    fn kept_runs(kernel: Id, checkpoints: Vec<u64>) -> Result<Vec<KeptRun>> {
        now(domain().kept_runs(&kernel, &checkpoints))
    }
    fn list_notebooks(project: Id) -> Result<Vec<NotebookSummary>> {
        now(domain().list_notebooks(&project))
    }
    fn put_cell(notebook: Id, cell: Id, code: String, expected_version: Option<u64>) -> Result<Cell> {
        now(domain().put_cell(&notebook, &cell, &code, expected_version))
    }
    fn add_cell(notebook: Id, after: Option<Id>, code: String) -> Result<Cell> {
        now(domain().add_cell(&notebook, after.as_deref(), &code))
    }
    fn remove_cell(notebook: Id, cell: Id) -> Result<()> {
        now(domain().remove_cell(&notebook, &cell))
    }
    fn start_run(run: NewRun) -> Result<StartedRun> {
        now(domain().start_run(&run))
    }
    fn get_run(id: Id) -> Result<Run> {
        now(domain().get_run(&id))
    }
    fn list_runs(project: Id, before: Option<Id>, limit: u32) -> Result<Vec<Run>> {
        now(domain().list_runs(&project, before.as_deref(), limit))
    }
    fn append_events(run: Id, events: Vec<RunEvent>, end: Option<RunEnd>) -> Result<Run> {
        now(domain().append_events(&run, &events, end.as_ref()))
    }
    fn events(run: Id, after: u64, max: u32) -> Result<Vec<RunEvent>> {
        now(domain().events(&run, after, max))
    }
    fn request_cancel(run: Id) -> Result<Run> {
        now(domain().request_cancel(&run))
    }
    fn expired_runs(now_ms: TimestampMs, max: u32) -> Result<Vec<Run>> {
        now(domain().expired_runs(now_ms, max))
    }
}

#[expect(unsafe_code, reason = "generated exports")]
mod export {
    crate::bindings::export!(Component with_types_in crate::bindings);
    use super::Component;
}
