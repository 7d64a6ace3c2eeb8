//! The domains' traits on their WIT imports. The calls are synchronous: they end before they would wait.

use async_trait::async_trait;
use selvedge_ports::shapes::{
    Account, Action, ApiKey, Cell, CopiedCell, CreatedKey, Id, Json, KeptRun, Kernel, Membership, MicroCredits, NewRun, Notebook,
    NotebookSummary, Principal, Project, Role, Run, RunEnd, RunEvent, SignIn, StartedRun, TicketClaims, TimestampMs, Usage,
};
use selvedge_ports::{Auth, Billing, Result, Workspace};

use crate::bindings::selvedge::{auth::auth, billing::billing, workspace::workspace};

/// All three domains.
pub(crate) struct Imports;

#[async_trait]
impl Auth for Imports {
    async fn migrate(&self) -> Result<()> {
        auth::migrate()
    }
    async fn begin_anonymous(&self) -> Result<SignIn> {
        auth::begin_anonymous()
    }
    async fn authenticate(&self, bearer: &str) -> Result<Principal> {
        auth::authenticate(bearer)
    }
    async fn refresh(&self, refresh: &str) -> Result<SignIn> {
        auth::refresh(refresh)
    }
    async fn sign_out(&self, refresh: &str) -> Result<()> {
        auth::sign_out(refresh)
    }
    async fn administrator(&self) -> Result<Principal> {
        auth::administrator()
    }
    async fn create_admin_link(&self) -> Result<String> {
        auth::create_admin_link()
    }
    async fn redeem_link(&self, code: &str) -> Result<SignIn> {
        auth::redeem_link(code)
    }
    async fn authorize(&self, principal: &Principal, action: Action, project: &str) -> Result<Role> {
        auth::authorize(principal, action, project)
    }
    async fn found_project(&self, principal: &Principal, project: &str) -> Result<()> {
        auth::found_project(principal, project)
    }
    async fn memberships(&self, principal: &Principal) -> Result<Vec<Membership>> {
        auth::memberships(principal)
    }
    async fn create_key(
        &self,
        principal: &Principal,
        project: Option<&str>,
        name: &str,
        role: Role,
        expires_at: Option<TimestampMs>,
    ) -> Result<CreatedKey> {
        auth::create_key(principal, project, name, role, expires_at)
    }
    async fn list_keys(&self, principal: &Principal, project: Option<&str>) -> Result<Vec<ApiKey>> {
        auth::list_keys(principal, project)
    }
    async fn revoke_key(&self, principal: &Principal, key: &str) -> Result<()> {
        auth::revoke_key(principal, key)
    }
    async fn jwks(&self) -> Result<Json> {
        auth::jwks()
    }
    async fn issue_ticket(&self, claims: &TicketClaims) -> Result<String> {
        auth::issue_ticket(claims)
    }
    async fn issue_report_token(&self, run: &str, wall_ms: u64) -> Result<String> {
        auth::issue_report_token(run, wall_ms)
    }
    async fn sign_receipt(&self, receipt: &str) -> Result<String> {
        auth::sign_receipt(receipt)
    }
    async fn check_report(&self, token: &str) -> Result<Id> {
        auth::check_report(token)
    }
}

#[async_trait]
impl Workspace for Imports {
    async fn migrate(&self) -> Result<()> {
        workspace::migrate()
    }
    async fn create_project(&self, id: &str, name: &str, created_by: &str) -> Result<Project> {
        workspace::create_project(id, name, created_by)
    }
    async fn get_project(&self, id: &str) -> Result<Project> {
        workspace::get_project(id)
    }
    async fn list_projects(&self, ids: &[Id]) -> Result<Vec<Project>> {
        workspace::list_projects(ids)
    }
    async fn set_private(&self, project: &str, private: bool) -> Result<Project> {
        workspace::set_private(project, private)
    }
    async fn create_notebook(&self, project: &str, name: &str, cells: &[String]) -> Result<Notebook> {
        workspace::create_notebook(project, name, cells)
    }
    async fn copy_notebook(&self, project: &str, name: &str, kernel: &str, cells: &[CopiedCell]) -> Result<Notebook> {
        workspace::copy_notebook(project, name, kernel, cells)
    }
    async fn get_notebook(&self, id: &str) -> Result<Notebook> {
        workspace::get_notebook(id)
    }
    async fn remove_notebook(&self, id: &str) -> Result<()> {
        workspace::remove_notebook(id)
    }
    async fn get_kernel(&self, notebook: &str) -> Result<Kernel> {
        workspace::get_kernel(notebook)
    }
    async fn kept_runs(&self, kernel: &str, checkpoints: &[u64]) -> Result<Vec<KeptRun>> {
        workspace::kept_runs(kernel, checkpoints)
    }
    async fn list_notebooks(&self, project: &str) -> Result<Vec<NotebookSummary>> {
        workspace::list_notebooks(project)
    }
    async fn put_cell(&self, notebook: &str, cell: &str, code: &str, expected_version: Option<u64>) -> Result<Cell> {
        workspace::put_cell(notebook, cell, code, expected_version)
    }
    async fn add_cell(&self, notebook: &str, after: Option<&str>, code: &str) -> Result<Cell> {
        workspace::add_cell(notebook, after, code)
    }
    async fn remove_cell(&self, notebook: &str, cell: &str) -> Result<()> {
        workspace::remove_cell(notebook, cell)
    }
    async fn start_run(&self, run: &NewRun) -> Result<StartedRun> {
        workspace::start_run(run)
    }
    async fn get_run(&self, id: &str) -> Result<Run> {
        workspace::get_run(id)
    }
    async fn list_runs(&self, project: &str, before: Option<&str>, limit: u32) -> Result<Vec<Run>> {
        workspace::list_runs(project, before, limit)
    }
    async fn append_events(&self, run: &str, events: &[RunEvent], end: Option<&RunEnd>) -> Result<Run> {
        workspace::append_events(run, events, end)
    }
    async fn events(&self, run: &str, after: u64, max: u32) -> Result<Vec<RunEvent>> {
        workspace::events(run, after, max)
    }
    async fn request_cancel(&self, run: &str) -> Result<Run> {
        workspace::request_cancel(run)
    }
    async fn expired_runs(&self, now: TimestampMs, max: u32) -> Result<Vec<Run>> {
        workspace::expired_runs(now, max)
    }
}

#[async_trait]
impl Billing for Imports {
    async fn migrate(&self) -> Result<()> {
        billing::migrate()
    }
    async fn open_account(&self, project: &str, grant: MicroCredits) -> Result<Account> {
        billing::open_account(project, grant)
    }
    async fn get_account(&self, project: &str) -> Result<Account> {
        billing::get_account(project)
    }
    async fn price(&self, usage: Usage) -> Result<MicroCredits> {
        billing::price(usage)
    }
    async fn hold(&self, project: &str, run: &str, most: Usage) -> Result<MicroCredits> {
        billing::hold(project, run, most)
    }
    async fn settle(&self, run: &str, used: Usage) -> Result<MicroCredits> {
        billing::settle(run, used)
    }
    async fn release(&self, run: &str) -> Result<()> {
        billing::release(run)
    }
}
