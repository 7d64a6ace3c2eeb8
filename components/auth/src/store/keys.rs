//! API keys.

use selvedge_ports::shapes::{ApiKey, Principal, ResultSet};
use selvedge_ports::{Id, Result};

use super::{kind, role};

selvedge_ports::queries! {
    /// A key.
    insert(id, secret_hash, principal, project, name, role, now, expires_at) =
        "INSERT INTO auth_keys (id, secret_hash, principal, project, name, role, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    /// Whose key is this, and what does it open? None when it is revoked or expired.
    open(secret_hash, now) =
        "SELECT p.id, p.kind, p.name, k.project, k.role FROM auth_keys AS k JOIN auth_principals AS p ON p.id = k.principal \
         WHERE k.secret_hash = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)";

    /// One key.
    find(id) = "SELECT id, project, name, role, created_at, expires_at, revoked_at, principal FROM auth_keys WHERE id = ?1";

    /// A project's keys, newest first.
    of_project(project) =
        "SELECT id, project, name, role, created_at, expires_at, revoked_at, principal FROM auth_keys WHERE project = ?1 ORDER BY id DESC";

    /// One's own keys for all projects, newest first.
    of_maker(principal) =
        "SELECT id, project, name, role, created_at, expires_at, revoked_at, principal FROM auth_keys \
         WHERE principal = ?1 AND project IS NULL ORDER BY id DESC";

    /// No longer good.
    revoke(id, now) = "UPDATE auth_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
}

/// The bearer of a key, of a result of [`open`].
pub(crate) fn bearer(found: &ResultSet) -> Result<Option<Principal>> {
    found
        .first()
        .map(|row| {
            Ok(Principal {
                id: row.text(0)?,
                kind: kind(&row.text(1)?)?,
                name: row.text(2)?,
                only_project: row.opt_text(3)?,
                at_most: role(&row.text(4)?)?,
            })
        })
        .transpose()
}

/// Keys and their makers.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<(ApiKey, Id)>> {
    found
        .rows()
        .map(|row| {
            let key = ApiKey {
                id: row.text(0)?,
                project: row.opt_text(1)?,
                name: row.text(2)?,
                role: role(&row.text(3)?)?,
                created_at: row.uint(4)?,
                expires_at: row.opt_uint(5)?,
                revoked_at: row.opt_uint(6)?,
            };
            Ok((key, row.text(7)?))
        })
        .collect()
}
