//! Receipts of certified runs: signed when the node reports the end, kept with the run.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use selvedge_contract::SignedReceipt;
use selvedge_ports::shapes::Run;
use selvedge_ports::{Error, Result};
use selvedge_protocol::{Outcome, Receipt};
use serde::Deserialize;
use serde_json::Value;

use crate::policy::Operation;
use crate::{Caller, Platform, access};

/// The receipt of a run that was certified. Errors: `not-found`.
pub async fn receipt(platform: &Platform, caller: &Caller, run: &str) -> Result<SignedReceipt> {
    let run = access::run(platform, caller, Operation::ReadReceipt, run).await?;
    let token = run.receipt.ok_or_else(|| {
        Error::not_found(
            "run.no_receipt",
            "This run has no receipt: it was not started with the task `certify`, has not ended yet, or was stopped by time or by somebody.",
        )
    })?;
    let receipt = read(&token).ok_or_else(|| Error::internal("run.receipt", "a stored receipt is not a token"))?;
    Ok(SignedReceipt { token, receipt })
}

/// Signs what the node says about the end of `run`. None, with a line in the log, when it is not about that.
pub(super) async fn signed(platform: &Platform, run: &Run, outcome: &Outcome) -> Result<Option<String>> {
    let Some(receipt) = &outcome.receipt else { return Ok(None) };
    if !is_about(receipt, run, outcome) {
        platform.log.event("run.receipt_refused", &[("run", &run.id)]);
        return Ok(None);
    }
    let receipt = serde_json::json!(receipt).to_string();
    platform.auth.sign_receipt(&receipt).await.map(Some)
}

/// A process that runs strangers' code has made it: what the edge knows better, it compares.
fn is_about(receipt: &Receipt, run: &Run, outcome: &Outcome) -> bool {
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex();
    let limits = &receipt.limits;
    receipt.version == Receipt::VERSION
        && receipt.run == run.id
        && receipt.language == run.language
        && receipt.code == *hash(&run.code)
        && receipt.stdin == *hash(run.stdin.as_deref().unwrap_or_default())
        && (limits.wall_ms, limits.fuel) == (run.limits.wall_ms, run.limits.fuel)
        && (limits.memory_bytes, limits.output_bytes) == (run.limits.memory_bytes, run.limits.output_bytes)
        && (receipt.status, receipt.fuel) == (outcome.status, outcome.fuel)
}

/// The receipt in a token of our own.
fn read(token: &str) -> Option<Value> {
    #[derive(Deserialize)]
    struct Claims {
        receipt: Value,
    }
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Claims>(&claims).ok()?.receipt)
}
