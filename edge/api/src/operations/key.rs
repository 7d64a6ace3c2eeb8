//! API keys of a project.

use selvedge_contract as contract;
use selvedge_contract::time::parse_rfc3339;
use selvedge_ports::id::{self, Kind};
use selvedge_ports::shapes::Role;
use selvedge_ports::{Error, ErrorKind, Result};

use crate::policy::Operation;
use crate::{Caller, Platform, access, present};

/// Make a key; its secret is in the answer and nowhere else.
pub async fn create_key(platform: &Platform, caller: &Caller, project: &str, new: contract::CreateKey) -> Result<contract::CreatedKey> {
    access::project(platform, caller, Operation::CreateKey, project).await?;
    let role = match new.role.as_deref() {
        None => Role::Editor,
        Some(name) => present::role_named(name)
            .ok_or_else(|| Error::invalid("role", "key.role_unknown", "A role is `viewer`, `editor`, `admin` or `owner`."))?,
    };
    let expires_at = match new.expires_at.as_deref() {
        None => None,
        Some(text) => Some(parse_rfc3339(text).ok_or_else(|| {
            Error::invalid(
                "expires_at",
                "key.expiry",
                "`expires_at` is an RFC 3339 time, for example `2030-01-31T12:00:00Z`.",
            )
        })?),
    };
    let made = platform
        .auth
        .create_key(&caller.principal, Some(project), &new.name, role, expires_at)
        .await?;
    Ok(contract::CreatedKey {
        key: present::key(made.key),
        secret: made.secret,
    })
}

/// The project's keys, newest first, without their secrets.
pub async fn list_keys(platform: &Platform, caller: &Caller, project: &str) -> Result<Vec<contract::ApiKey>> {
    access::project(platform, caller, Operation::ListKeys, project).await?;
    Ok(platform
        .auth
        .list_keys(&caller.principal, Some(project))
        .await?
        .into_iter()
        .map(present::key)
        .collect())
}

/// Revoke a key at once. The auth domain knows whose it is and applies the same rule.
pub async fn revoke_key(platform: &Platform, caller: &Caller, key: &str) -> Result<()> {
    let missing = || Error::not_found("key.not_found", "There is no such key, or it is not yours to see.");
    if !id::is(Kind::Key, key) {
        return Err(missing());
    }
    let revoked = platform.auth.revoke_key(&caller.principal, key).await;
    revoked.map_err(|error| if error.kind == ErrorKind::NotFound { missing() } else { error })
}
