//! Who says what a receipt says.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jwt_compact::alg::{Ed25519, VerifyingKey as _};
use jwt_compact::{Algorithm, AlgorithmExt as _, UntrustedToken};
use selvedge_protocol::Receipt;
use selvedge_protocol::order::AUDIENCE_RECEIPT;
use serde::Deserialize;
use serde_json::Value;

type PublicKey = <Ed25519 as Algorithm>::VerifyingKey;

/// Claims of a signed receipt.
#[derive(Clone, Deserialize)]
struct Claims {
    aud: String,
    receipt: Value,
}

/// The receipt in `file`, an answer of the API or a token alone, if one of `keys`, a JWK set, has signed it.
pub(super) fn checked(file: &str, keys: &str) -> Result<Receipt> {
    #[derive(Deserialize)]
    struct Answer {
        token: String,
    }
    let token = match serde_json::from_str::<Answer>(file) {
        Ok(answer) => answer.token,
        Err(_) => file.trim().to_owned(),
    };
    let keys = public_keys(keys)?;
    let token = UntrustedToken::new(&token).map_err(|error| anyhow!("this is no receipt: {error}"))?;
    let id = token.header().key_id.as_deref().unwrap_or_default();
    let Some(key) = keys.get(id) else {
        bail!("the receipt names the key {id:?}, which is not among the keys given: somebody else signed it");
    };
    // The validator compares the algorithm's name before anything else.
    let token = Ed25519
        .validator::<Claims>(key)
        .validate(&token)
        .map_err(|_| anyhow!("the signature is not that of the key {id:?}: the receipt was altered, or somebody else signed it"))?;
    let Claims { aud, receipt } = token.claims().custom.clone();
    if aud != AUDIENCE_RECEIPT {
        bail!("this token was signed for {aud:?}, not as a receipt");
    }
    let version = receipt.get("version").and_then(Value::as_u64);
    serde_json::from_value(receipt).with_context(|| {
        format!(
            "this receipt has version {version:?}, this program checks version {}",
            Receipt::VERSION
        )
    })
}

/// The Ed25519 keys of a JWK set by their ids; others are passed over (RFC 7517 §5).
fn public_keys(set: &str) -> Result<HashMap<String, PublicKey>> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    #[derive(Deserialize)]
    struct Key {
        kty: String,
        crv: String,
        x: String,
        kid: String,
    }
    let Set { keys } = serde_json::from_str(set).context("the keys are no JWK set; save what /.well-known/jwks.json answers")?;
    let usable = |key: Value| {
        let key: Key = serde_json::from_value(key).ok()?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(key.x).ok()?;
        let public = PublicKey::from_slice(&bytes).ok()?;
        (key.kty == "OKP" && key.crv == "Ed25519").then_some((key.kid, public))
    };
    Ok(keys.into_iter().filter_map(usable).collect())
}
