//! Access tokens, and who holds a bearer credential.

use selvedge_ports::shapes::Principal;
use selvedge_ports::{Id, Result, TimestampMs};
use serde::{Deserialize, Serialize};

use super::signing_key;
use crate::store::{self, keys, sign_ins};
use crate::{Auth, policy, secret, unauthenticated};

/// Audience of access tokens: no other token of ours is one.
const AUDIENCE: &str = "selvedge";

#[derive(Serialize, Deserialize)]
struct AccessClaims {
    aud: String,
    /// The principal.
    sub: Id,
    /// The sign-in session.
    sid: Id,
    kind: String,
    name: String,
}

/// Sign an access token of this sign-in session. Returns it with its end.
pub(super) async fn issue(at: &Auth, principal: &Principal, sign_in: &str, now: TimestampMs) -> Result<(String, TimestampMs)> {
    let claims = AccessClaims {
        aud: AUDIENCE.to_owned(),
        sub: principal.id.clone(),
        sid: sign_in.to_owned(),
        kind: store::kind_name(principal.kind).to_owned(),
        name: principal.name.clone(),
    };
    signing_key::of(at).await?.sign(claims, now, now + policy::ACCESS_MS)
}

pub(super) async fn authenticate(at: &Auth, bearer: &str) -> Result<Principal> {
    let now = at.clock.now();
    if bearer.starts_with(secret::KEY_PREFIX) {
        return keys::bearer(&at.sql.query(keys::open(&secret::hash(bearer)[..], now)).await?)?.ok_or_else(unauthenticated);
    }
    let claims: AccessClaims = signing_key::of(at).await?.verify(bearer, now).ok_or_else(unauthenticated)?;
    if claims.aud != AUDIENCE || at.sql.query(sign_ins::is_open(claims.sid, now)).await?.rows.is_empty() {
        return Err(unauthenticated());
    }
    let kind = store::kind(&claims.kind)?;
    Ok(Principal {
        id: claims.sub,
        kind,
        name: claims.name,
        only_project: None,
        at_most: selvedge_ports::shapes::Role::Owner,
    })
}
