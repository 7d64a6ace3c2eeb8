//! The two capabilities of a run: the ticket with which the edge places its order, and the token with which the node reports.

use selvedge_ports::shapes::{RunClaims, RunTicket};
use selvedge_ports::{Id, Result};
use selvedge_protocol::TicketClaims;
use selvedge_protocol::order::{AUDIENCE_NODE, AUDIENCE_REPORT};

use super::signing_key;
use crate::{Auth, policy, unauthenticated};

pub(super) async fn issue(at: &Auth, claims: &RunClaims) -> Result<RunTicket> {
    let key = signing_key::of(at).await?;
    let now = at.clock.now();
    let sign = |aud: &str, digest: &str, life_ms: u64| {
        let claims = TicketClaims {
            aud: aud.to_owned(),
            run: claims.run.clone(),
            digest: digest.to_owned(),
        };
        key.sign(claims, now, now + life_ms).map(|(token, _)| token)
    };
    Ok(RunTicket {
        order: sign(AUDIENCE_NODE, &claims.digest, policy::ORDER_MS)?,
        report: sign(AUDIENCE_REPORT, "", claims.wall_ms.saturating_add(policy::REPORT_MARGIN_MS))?,
    })
}

pub(super) async fn check_report(at: &Auth, token: &str) -> Result<Id> {
    let claims: TicketClaims = signing_key::of(at)
        .await?
        .verify(token, at.clock.now())
        .ok_or_else(unauthenticated)?;
    if claims.aud == AUDIENCE_REPORT {
        Ok(claims.run)
    } else {
        Err(unauthenticated())
    }
}
