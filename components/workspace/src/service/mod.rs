//! The operations.

mod events;
mod notebooks;
mod projects;
mod runs;

use async_trait::async_trait;
use selvedge_ports::shapes::{
    Cell, CopiedCell, KeptRun, Kernel, NewRun, Notebook, NotebookSummary, Project, Run, RunEnd, RunEvent, StartedRun,
};
use selvedge_ports::{Id, Result, TimestampMs, migrate};

use crate::{DOMAIN, MIGRATIONS, Workspace};

#[async_trait]
impl selvedge_ports::Workspace for Workspace {
    async fn migrate(&self) -> Result<()> {
        migrate::apply(&*self.sql, &*self.clock, DOMAIN, MIGRATIONS).await
    }

    async fn create_project(&self, id: &str, name: &str, created_by: &str) -> Result<Project> {
        projects::create(self, id, name, created_by).await
    }

    async fn get_project(&self, id: &str) -> Result<Project> {
        projects::get(self, id).await
    }

    async fn list_projects(&self, ids: &[Id]) -> Result<Vec<Project>> {
        projects::list(self, ids).await
    }

    async fn set_private(&self, project: &str, private: bool) -> Result<Project> {
        projects::set_private(self, project, private).await
    }

    async fn create_notebook(&self, project: &str, name: &str, cells: &[String]) -> Result<Notebook> {
        notebooks::create(self, project, name, cells).await
    }

    async fn copy_notebook(&self, project: &str, name: &str, kernel: &str, cells: &[CopiedCell]) -> Result<Notebook> {
        notebooks::copy(self, project, name, kernel, cells).await
    }

    async fn get_notebook(&self, id: &str) -> Result<Notebook> {
        notebooks::get(self, id).await
    }

    async fn remove_notebook(&self, id: &str) -> Result<()> {
        notebooks::remove(self, id).await
    }

    async fn get_kernel(&self, notebook: &str) -> Result<Kernel> {
        notebooks::kernel(self, notebook).await
    }

    async fn kept_runs(&self, kernel: &str, checkpoints: &[u64]) -> Result<Vec<KeptRun>> {
        runs::kept(self, kernel, checkpoints).await
    }

    async fn list_notebooks(&self, project: &str) -> Result<Vec<NotebookSummary>> {
        notebooks::list(self, project).await
    }

    async fn put_cell(&self, notebook: &str, cell: &str, code: &str, expected_version: Option<u64>) -> Result<Cell> {
        notebooks::put_cell(self, notebook, cell, code, expected_version).await
    }

    async fn add_cell(&self, notebook: &str, after: Option<&str>, code: &str) -> Result<Cell> {
        notebooks::add_cell(self, notebook, after, code).await
    }

    async fn remove_cell(&self, notebook: &str, cell: &str) -> Result<()> {
        notebooks::remove_cell(self, notebook, cell).await
    }

    async fn start_run(&self, run: &NewRun) -> Result<StartedRun> {
        runs::start(self, run).await
    }

    async fn get_run(&self, id: &str) -> Result<Run> {
        runs::get(self, id).await
    }

    async fn list_runs(&self, project: &str, before: Option<&str>, limit: u32) -> Result<Vec<Run>> {
        runs::list(self, project, before, limit).await
    }

    async fn append_events(&self, run: &str, events: &[RunEvent], end: Option<&RunEnd>) -> Result<Run> {
        events::append(self, run, events, end).await
    }

    async fn events(&self, run: &str, after: u64, max: u32) -> Result<Vec<RunEvent>> {
        events::list(self, run, after, max).await
    }

    async fn request_cancel(&self, run: &str) -> Result<Run> {
        runs::cancel(self, run).await
    }

    async fn expired_runs(&self, now: TimestampMs, max: u32) -> Result<Vec<Run>> {
        runs::expired(self, now, max).await
    }
}
