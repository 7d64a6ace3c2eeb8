//! What is signed for nodes and about runs: tickets for requests to a node, tokens with which a node reports, receipts.

use selvedge_ports::shapes::TicketClaims;
use selvedge_ports::{Error, Id, Result};
use selvedge_protocol::TicketClaims as Claims;
use selvedge_protocol::order::{AUDIENCE_NODE, AUDIENCE_RECEIPT, AUDIENCE_REPORT};
use serde::Serialize;
use serde_json::{Map, Value};

use super::signing_key;
use crate::{Auth, policy, unauthenticated};

pub(super) async fn issue_ticket(at: &Auth, claims: &TicketClaims) -> Result<String> {
    let claims = Claims {
        aud: AUDIENCE_NODE.to_owned(),
        run: claims.subject.clone(),
        action: claims.action.clone(),
        digest: claims.digest.clone(),
    };
    sign(at, claims, policy::ORDER_MS).await
}

pub(super) async fn issue_report_token(at: &Auth, run: &str, wall_ms: u64) -> Result<String> {
    let claims = Claims {
        aud: AUDIENCE_REPORT.to_owned(),
        run: run.to_owned(),
        action: String::new(),
        digest: String::new(),
    };
    sign(at, claims, wall_ms.saturating_add(policy::REPORT_MARGIN_MS)).await
}

async fn sign(at: &Auth, claims: Claims, life_ms: u64) -> Result<String> {
    let now = at.clock.now();
    let (token, _) = signing_key::of(at).await?.sign(claims, now, now.saturating_add(life_ms))?;
    Ok(token)
}

/// Claims of a signed receipt.
#[derive(Serialize)]
struct Receipt {
    aud: &'static str,
    receipt: Map<String, Value>,
}

pub(super) async fn sign_receipt(at: &Auth, receipt: &str) -> Result<String> {
    let receipt = serde_json::from_str(receipt).map_err(|_| Error::internal("auth.receipt", "a receipt is an object in JSON"))?;
    let claims = Receipt {
        aud: AUDIENCE_RECEIPT,
        receipt,
    };
    signing_key::of(at).await?.attest(claims, at.clock.now())
}

pub(super) async fn check_report(at: &Auth, token: &str) -> Result<Id> {
    let claims: Claims = signing_key::of(at)
        .await?
        .verify(token, at.clock.now())
        .ok_or_else(unauthenticated)?;
    if claims.aud == AUDIENCE_REPORT {
        Ok(claims.run)
    } else {
        Err(unauthenticated())
    }
}
