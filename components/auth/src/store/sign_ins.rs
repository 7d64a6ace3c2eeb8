//! Sign-in sessions.

use selvedge_ports::shapes::{Principal, ResultSet, Role};
use selvedge_ports::{Result, TimestampMs};

use super::kind;

selvedge_ports::queries! {
    /// A sign-in session.
    insert(id, principal, salt, refresh_hash, now, expires_at, ends_at) =
        "INSERT INTO auth_sign_ins (id, principal, salt, refresh_hash, rotated_at, created_at, expires_at, ends_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)";

    /// A sign-in session for the link that names it.
    insert_for_link(id, salt, refresh_hash, now, expires_at, ends_at) =
        "INSERT INTO auth_sign_ins (id, principal, salt, refresh_hash, rotated_at, created_at, expires_at, ends_at) \
         SELECT ?1, principal, ?2, ?3, ?4, ?4, ?5, ?6 FROM auth_links WHERE used_for = ?1";

    /// Replace the refresh token, unless somebody else just has.
    rotate(id, hash, next_hash, now, expires_at) =
        "UPDATE auth_sign_ins SET generation = generation + 1, refresh_hash = ?3, rotated_at = ?4, expires_at = min(?5, ends_at) \
         WHERE id = ?1 AND refresh_hash = ?2 AND revoked_at IS NULL";

    /// End it.
    revoke(id, now) = "UPDATE auth_sign_ins SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";

    /// One sign-in session with its principal.
    find(id) =
        "SELECT p.id, p.kind, p.name, s.salt, s.generation, s.refresh_hash, s.rotated_at, s.expires_at, s.revoked_at \
         FROM auth_sign_ins AS s JOIN auth_principals AS p ON p.id = s.principal WHERE s.id = ?1";

    /// Is it going on?
    is_open(id, now) = "SELECT 1 FROM auth_sign_ins WHERE id = ?1 AND revoked_at IS NULL AND ends_at > ?2";
}

/// A stored sign-in session.
pub(crate) struct SignInRow {
    pub(crate) principal: Principal,
    pub(crate) salt: Vec<u8>,
    pub(crate) generation: u64,
    pub(crate) refresh_hash: Vec<u8>,
    pub(crate) rotated_at: TimestampMs,
    pub(crate) expires_at: TimestampMs,
    pub(crate) revoked: bool,
}

/// The sign-in session of a result of [`find`].
pub(crate) fn one(found: &ResultSet) -> Result<Option<SignInRow>> {
    found
        .first()
        .map(|row| {
            let principal = Principal {
                id: row.text(0)?,
                kind: kind(&row.text(1)?)?,
                name: row.text(2)?,
                only_project: None,
                at_most: Role::Owner,
            };
            Ok(SignInRow {
                principal,
                salt: row.blob(3)?,
                generation: row.uint(4)?,
                refresh_hash: row.blob(5)?,
                rotated_at: row.uint(6)?,
                expires_at: row.uint(7)?,
                revoked: row.opt_uint(8)?.is_some(),
            })
        })
        .transpose()
}
