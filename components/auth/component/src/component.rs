//! Each exported function is the domain's.

use std::sync::OnceLock;

use selvedge_auth::Auth as Domain;
use selvedge_guest::{host, now};
use selvedge_ports::shapes::{Action, ApiKey, CreatedKey, Id, Json, Membership, Principal, Role, SignIn, TicketClaims, TimestampMs};
use selvedge_ports::{Auth, Result};

use crate::bindings::exports::selvedge::auth::auth::Guest;

struct Component;

/// One per instance: it keeps the signing key, which a request needs several times.
fn domain() -> &'static Domain {
    static DOMAIN: OnceLock<Domain> = OnceLock::new();
    DOMAIN.get_or_init(|| Domain::new(host(), host(), host(), host()))
}

impl Guest for Component {
    fn migrate() -> Result<()> {
        now(domain().migrate())
    }
    fn begin_anonymous() -> Result<SignIn> {
        now(domain().begin_anonymous())
    }
    fn authenticate(bearer: String) -> Result<Principal> {
        now(domain().authenticate(&bearer))
    }
    fn refresh(refresh: String) -> Result<SignIn> {
        now(domain().refresh(&refresh))
    }
    fn sign_out(refresh: String) -> Result<()> {
        now(domain().sign_out(&refresh))
    }
    fn administrator() -> Result<Principal> {
        now(domain().administrator())
    }
    fn create_admin_link() -> Result<String> {
        now(domain().create_admin_link())
    }
    fn redeem_link(code: String) -> Result<SignIn> {
        now(domain().redeem_link(&code))
    }
    fn authorize(principal: Principal, action: Action, project: Id) -> Result<Role> {
        now(domain().authorize(&principal, action, &project))
    }
    fn found_project(principal: Principal, project: Id) -> Result<()> {
        now(domain().found_project(&principal, &project))
    }
    fn memberships(principal: Principal) -> Result<Vec<Membership>> {
        now(domain().memberships(&principal))
    }
    fn create_key(
        principal: Principal,
        project: Option<Id>,
        name: String,
        role: Role,
        expires_at: Option<TimestampMs>,
    ) -> Result<CreatedKey> {
        now(domain().create_key(&principal, project.as_deref(), &name, role, expires_at))
    }
    fn list_keys(principal: Principal, project: Option<Id>) -> Result<Vec<ApiKey>> {
        now(domain().list_keys(&principal, project.as_deref()))
    }
    fn revoke_key(principal: Principal, key: Id) -> Result<()> {
        now(domain().revoke_key(&principal, &key))
    }
    fn jwks() -> Result<Json> {
        now(domain().jwks())
    }
    fn issue_ticket(claims: TicketClaims) -> Result<String> {
        now(domain().issue_ticket(&claims))
    }
    fn issue_report_token(run: Id, wall_ms: u64) -> Result<String> {
        now(domain().issue_report_token(&run, wall_ms))
    }
    fn sign_receipt(receipt: Json) -> Result<String> {
        now(domain().sign_receipt(&receipt))
    }
    fn check_report(token: String) -> Result<Id> {
        now(domain().check_report(&token))
    }
}

#[expect(unsafe_code, reason = "generated exports")]
mod export {
    crate::bindings::export!(Component with_types_in crate::bindings);
    use super::Component;
}
