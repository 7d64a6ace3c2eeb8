//! What the domains offer, as Rust traits. Methods, arguments and error cases are those of `wit/auth`, `wit/workspace` and `wit/billing`.

use async_trait::async_trait;

use crate::Result;
use crate::shapes::{
    Account, Action, ApiKey, Cell, CopiedCell, CreatedKey, Id, Json, KeptRun, Kernel, Membership, MicroCredits, NewRun, Notebook,
    NotebookSummary, Principal, Project, Role, Run, RunEnd, RunEvent, SignIn, StartedRun, TicketClaims, TimestampMs, Usage,
};

/// Identity and authorization (`wit/auth`).
#[async_trait]
pub trait Auth: Send + Sync {
    /// `migrate`
    async fn migrate(&self) -> Result<()>;
    /// `begin-anonymous`
    async fn begin_anonymous(&self) -> Result<SignIn>;
    /// `authenticate`
    async fn authenticate(&self, bearer: &str) -> Result<Principal>;
    /// `refresh`
    async fn refresh(&self, refresh: &str) -> Result<SignIn>;
    /// `sign-out`
    async fn sign_out(&self, refresh: &str) -> Result<()>;
    /// `administrator`
    async fn administrator(&self) -> Result<Principal>;
    /// `create-admin-link`
    async fn create_admin_link(&self) -> Result<String>;
    /// `redeem-link`
    async fn redeem_link(&self, code: &str) -> Result<SignIn>;
    /// `authorize`
    async fn authorize(&self, principal: &Principal, action: Action, project: &str) -> Result<Role>;
    /// `found-project`
    async fn found_project(&self, principal: &Principal, project: &str) -> Result<()>;
    /// `memberships`
    async fn memberships(&self, principal: &Principal) -> Result<Vec<Membership>>;
    /// `create-key`
    async fn create_key(
        &self,
        principal: &Principal,
        project: Option<&str>,
        name: &str,
        role: Role,
        expires_at: Option<TimestampMs>,
    ) -> Result<CreatedKey>;
    /// `list-keys`
    async fn list_keys(&self, principal: &Principal, project: Option<&str>) -> Result<Vec<ApiKey>>;
    /// `revoke-key`
    async fn revoke_key(&self, principal: &Principal, key: &str) -> Result<()>;
    /// `jwks`
    async fn jwks(&self) -> Result<Json>;
    /// `issue-ticket`
    async fn issue_ticket(&self, claims: &TicketClaims) -> Result<String>;
    /// `issue-report-token`
    async fn issue_report_token(&self, run: &str, wall_ms: u64) -> Result<String>;
    /// `sign-receipt`
    async fn sign_receipt(&self, receipt: &str) -> Result<String>;
    /// `check-report`
    async fn check_report(&self, token: &str) -> Result<Id>;
}

/// Projects, notebooks, cells and runs (`wit/workspace`).
#[async_trait]
pub trait Workspace: Send + Sync {
    /// `migrate`
    async fn migrate(&self) -> Result<()>;
    /// `create-project`
    async fn create_project(&self, id: &str, name: &str, created_by: &str) -> Result<Project>;
    /// `get-project`
    async fn get_project(&self, id: &str) -> Result<Project>;
    /// `list-projects`
    async fn list_projects(&self, ids: &[Id]) -> Result<Vec<Project>>;
    /// `set-private`
    async fn set_private(&self, project: &str, private: bool) -> Result<Project>;
    /// `create-notebook`
    async fn create_notebook(&self, project: &str, name: &str, cells: &[String]) -> Result<Notebook>;
    /// `copy-notebook`
    async fn copy_notebook(&self, project: &str, name: &str, kernel: &str, cells: &[CopiedCell]) -> Result<Notebook>;
    /// `get-notebook`
    async fn get_notebook(&self, id: &str) -> Result<Notebook>;
    /// `remove-notebook`
    async fn remove_notebook(&self, id: &str) -> Result<()>;
    /// `get-kernel`
    async fn get_kernel(&self, notebook: &str) -> Result<Kernel>;
    /// `kept-runs`
    async fn kept_runs(&self, kernel: &str, checkpoints: &[u64]) -> Result<Vec<KeptRun>>;
    /// `list-notebooks`
    async fn list_notebooks(&self, project: &str) -> Result<Vec<NotebookSummary>>;
    /// `put-cell`
    async fn put_cell(&self, notebook: &str, cell: &str, code: &str, expected_version: Option<u64>) -> Result<Cell>;
    /// `add-cell`
    async fn add_cell(&self, notebook: &str, after: Option<&str>, code: &str) -> Result<Cell>;
    /// `remove-cell`
    async fn remove_cell(&self, notebook: &str, cell: &str) -> Result<()>;
    /// `start-run`
    async fn start_run(&self, run: &NewRun) -> Result<StartedRun>;
    /// `get-run`
    async fn get_run(&self, id: &str) -> Result<Run>;
    /// `list-runs`
    async fn list_runs(&self, project: &str, before: Option<&str>, limit: u32) -> Result<Vec<Run>>;
    /// `append-events`
    async fn append_events(&self, run: &str, events: &[RunEvent], end: Option<&RunEnd>) -> Result<Run>;
    /// `events`
    async fn events(&self, run: &str, after: u64, max: u32) -> Result<Vec<RunEvent>>;
    /// `request-cancel`
    async fn request_cancel(&self, run: &str) -> Result<Run>;
    /// `expired-runs`
    async fn expired_runs(&self, now: TimestampMs, max: u32) -> Result<Vec<Run>>;
}

/// Accounts, holds and the ledger (`wit/billing`).
#[async_trait]
pub trait Billing: Send + Sync {
    /// `migrate`
    async fn migrate(&self) -> Result<()>;
    /// `open-account`
    async fn open_account(&self, project: &str, grant: MicroCredits) -> Result<Account>;
    /// `get-account`
    async fn get_account(&self, project: &str) -> Result<Account>;
    /// `price`
    async fn price(&self, usage: Usage) -> Result<MicroCredits>;
    /// `hold`
    async fn hold(&self, project: &str, run: &str, most: Usage) -> Result<MicroCredits>;
    /// `settle`
    async fn settle(&self, run: &str, used: Usage) -> Result<MicroCredits>;
    /// `release`
    async fn release(&self, run: &str) -> Result<()>;
}
