//! The first administrator, and one-time links for signing in as it.

use selvedge_ports::id::Kind;
use selvedge_ports::shapes::{Principal, PrincipalKind, SignIn};
use selvedge_ports::{Error, Result};

use super::sign_in::{self, New};
use crate::store::{last, links, principals, sign_ins};
use crate::{Auth, policy, secret, unauthenticated};

/// What the first administrator is called until it gives itself a name.
const ADMINISTRATOR: &str = "Administrator";

pub(super) async fn administrator(at: &Auth) -> Result<Principal> {
    let done = at
        .sql
        .batch(vec![
            principals::insert_administrator(at.new_id(Kind::User), ADMINISTRATOR, at.clock.now()),
            principals::administrator(),
        ])
        .await?;
    principals::whole(last(&done)?)?.ok_or_else(|| Error::internal("auth.no_administrator", "the administrator was not stored"))
}

pub(super) async fn create(at: &Auth) -> Result<String> {
    let principal = administrator(at).await?;
    let code = secret::random_text(&*at.entropy);
    let now = at.clock.now();
    at.sql
        .query(links::insert(&secret::hash(&code)[..], principal.id, now, now + policy::LINK_MS))
        .await?;
    Ok(code)
}

pub(super) async fn redeem(at: &Auth, code: &str) -> Result<SignIn> {
    let now = at.clock.now();
    // Links are made for people only.
    let new = New::make(at, PrincipalKind::Person, now);
    let done = at
        .sql
        .batch(vec![
            links::spend(&secret::hash(code)[..], new.id(), now),
            sign_ins::insert_for_link(new.id(), &new.salt[..], &new.token.hash()[..], now, new.expires_at, new.ends_at),
            sign_ins::find(new.id()),
        ])
        .await?;
    let stored = sign_ins::one(last(&done)?)?.ok_or_else(unauthenticated)?;
    sign_in::answer(at, stored.principal, &new.token, new.expires_at, now).await
}
