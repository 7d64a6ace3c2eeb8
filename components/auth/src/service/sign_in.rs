//! Sign-in sessions: begun, refreshed, ended.

use selvedge_ports::id::Kind;
use selvedge_ports::shapes::{Principal, PrincipalKind, Role, SignIn};
use selvedge_ports::{Result, TimestampMs};

use super::access;
use crate::secret::{self, RefreshToken};
use crate::store::sign_ins::{self, SignInRow};
use crate::store::{kind_name, principals};
use crate::{Auth, policy, unauthenticated};

/// What visitors are called.
const VISITOR: &str = "Visitor";

pub(super) async fn begin_anonymous(at: &Auth) -> Result<SignIn> {
    let now = at.clock.now();
    let kind = PrincipalKind::Anonymous;
    let principal = Principal {
        id: at.new_id(Kind::User),
        kind,
        name: VISITOR.to_owned(),
        only_project: None,
        at_most: Role::Owner,
    };
    let new = New::make(at, kind, now);
    at.sql
        .batch(vec![
            principals::insert(principal.id.as_str(), kind_name(kind), VISITOR, now),
            sign_ins::insert(
                new.id(),
                principal.id.as_str(),
                &new.salt[..],
                &new.token.hash()[..],
                now,
                new.expires_at,
                new.ends_at,
            ),
        ])
        .await?;
    answer(at, principal, &new.token, new.expires_at, now).await
}

/// A sign-in session that is about to be stored.
pub(super) struct New {
    pub(super) token: RefreshToken,
    pub(super) salt: [u8; 32],
    pub(super) expires_at: TimestampMs,
    pub(super) ends_at: TimestampMs,
}

impl New {
    pub(super) fn make(at: &Auth, kind: PrincipalKind, now: TimestampMs) -> Self {
        let life = policy::sign_in_life(kind);
        Self {
            token: RefreshToken::first(&at.new_id(Kind::SignIn), &*at.entropy),
            salt: secret::random(&*at.entropy),
            expires_at: now + life.idle_ms,
            ends_at: now + life.absolute_ms,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.token.sign_in
    }
}

/// Both tokens of a stored sign-in session.
pub(super) async fn answer(
    at: &Auth,
    principal: Principal,
    token: &RefreshToken,
    refresh_expires_at: TimestampMs,
    now: TimestampMs,
) -> Result<SignIn> {
    let (access, access_expires_at) = access::issue(at, &principal, &token.sign_in, now).await?;
    Ok(SignIn {
        principal,
        access,
        access_expires_at,
        refresh: token.to_string(),
        refresh_expires_at,
    })
}

pub(super) async fn refresh(at: &Auth, refresh: &str) -> Result<SignIn> {
    let token = RefreshToken::parse(refresh).ok_or_else(unauthenticated)?;
    let now = at.clock.now();
    let mut stored = find(at, &token, now).await?.ok_or_else(unauthenticated)?;
    let next = token.next(&stored.salt);
    if stored.refresh_hash == token.hash() {
        let expires_at = now + policy::sign_in_life(stored.principal.kind).idle_ms;
        at.sql
            .query(sign_ins::rotate(
                token.sign_in.as_str(),
                &token.hash()[..],
                &next.hash()[..],
                now,
                expires_at,
            ))
            .await?;
        // Whether this caller or one at the same moment has replaced it: the token that did is the same.
        stored = find(at, &token, now).await?.ok_or_else(unauthenticated)?;
    }
    if stored.refresh_hash == next.hash() && now <= stored.rotated_at + policy::REFRESH_GRACE_MS {
        return answer(at, stored.principal, &next, stored.expires_at, now).await;
    }
    if is_spent(&token, &stored) {
        // Its successor is in use elsewhere: one of the two holders stole it, and nobody can tell which.
        at.sql.query(sign_ins::revoke(token.sign_in.as_str(), now)).await?;
    }
    Err(unauthenticated())
}

/// The sign-in session that a token names, while it goes on.
async fn find(at: &Auth, token: &RefreshToken, now: TimestampMs) -> Result<Option<SignInRow>> {
    let found = sign_ins::one(&at.sql.query(sign_ins::find(token.sign_in.as_str())).await?)?;
    Ok(found.filter(|stored| !stored.revoked && stored.expires_at > now))
}

/// Was this once the token of the session? Then hashing on from it leads to the current one.
fn is_spent(token: &RefreshToken, stored: &SignInRow) -> bool {
    let mut token = token.clone();
    while token.generation < stored.generation {
        token = token.next(&stored.salt);
    }
    token.generation == stored.generation && stored.refresh_hash == token.hash()
}

pub(super) async fn sign_out(at: &Auth, refresh: &str) -> Result<()> {
    let Some(token) = RefreshToken::parse(refresh) else { return Ok(()) };
    let now = at.clock.now();
    let Some(stored) = find(at, &token, now).await? else {
        return Ok(());
    };
    if is_spent(&token, &stored) {
        at.sql.query(sign_ins::revoke(token.sign_in.as_str(), now)).await?;
    }
    Ok(())
}
