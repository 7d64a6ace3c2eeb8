//! The operations.

mod access;
mod keys;
mod links;
mod members;
mod runs;
mod sign_in;
mod signing_key;

use async_trait::async_trait;
use selvedge_ports::shapes::{Action, ApiKey, CreatedKey, Membership, Principal, Role, SignIn, TicketClaims};
use selvedge_ports::{Id, Json, Result, TimestampMs, migrate};

use crate::{Auth, DOMAIN, MIGRATIONS};

#[async_trait]
impl selvedge_ports::Auth for Auth {
    async fn migrate(&self) -> Result<()> {
        migrate::apply(&*self.sql, &*self.clock, DOMAIN, MIGRATIONS).await
    }

    async fn begin_anonymous(&self) -> Result<SignIn> {
        sign_in::begin_anonymous(self).await
    }

    async fn authenticate(&self, bearer: &str) -> Result<Principal> {
        access::authenticate(self, bearer).await
    }

    async fn refresh(&self, refresh: &str) -> Result<SignIn> {
        sign_in::refresh(self, refresh).await
    }

    async fn sign_out(&self, refresh: &str) -> Result<()> {
        sign_in::sign_out(self, refresh).await
    }

    async fn administrator(&self) -> Result<Principal> {
        links::administrator(self).await
    }

    async fn create_admin_link(&self) -> Result<String> {
        links::create(self).await
    }

    async fn redeem_link(&self, code: &str) -> Result<SignIn> {
        links::redeem(self, code).await
    }

    async fn authorize(&self, principal: &Principal, action: Action, project: &str) -> Result<Role> {
        members::authorize(self, principal, action, project).await
    }

    async fn found_project(&self, principal: &Principal, project: &str) -> Result<()> {
        members::found(self, principal, project).await
    }

    async fn memberships(&self, principal: &Principal) -> Result<Vec<Membership>> {
        members::list(self, principal).await
    }

    async fn create_key(
        &self,
        principal: &Principal,
        project: Option<&str>,
        name: &str,
        role: Role,
        expires_at: Option<TimestampMs>,
    ) -> Result<CreatedKey> {
        keys::create(self, principal, project, name, role, expires_at).await
    }

    async fn list_keys(&self, principal: &Principal, project: Option<&str>) -> Result<Vec<ApiKey>> {
        keys::list(self, principal, project).await
    }

    async fn revoke_key(&self, principal: &Principal, key: &str) -> Result<()> {
        keys::revoke(self, principal, key).await
    }

    async fn jwks(&self) -> Result<Json> {
        Ok(signing_key::of(self).await?.jwks())
    }

    async fn issue_ticket(&self, claims: &TicketClaims) -> Result<String> {
        runs::issue_ticket(self, claims).await
    }

    async fn issue_report_token(&self, run: &str, wall_ms: u64) -> Result<String> {
        runs::issue_report_token(self, run, wall_ms).await
    }

    async fn sign_receipt(&self, receipt: &str) -> Result<String> {
        runs::sign_receipt(self, receipt).await
    }

    async fn check_report(&self, token: &str) -> Result<Id> {
        runs::check_report(self, token).await
    }
}
