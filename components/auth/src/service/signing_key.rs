//! Which signing key this installation has.

use std::sync::Arc;

use selvedge_ports::{Error, Result};

use crate::signing::SigningKey;
use crate::store::{last, signing_keys};
use crate::{Auth, secret};

/// The setting that brings a key from outside.
const SETTING: &str = "signing-key";

/// The key, read once. Two callers that are first at the same time read the same one.
pub(super) async fn of(at: &Auth) -> Result<Arc<SigningKey>> {
    if let Some(key) = at.signing_key.get() {
        return Ok(Arc::clone(key));
    }
    let seed = match at.settings.get(SETTING).filter(|text| !text.trim().is_empty()) {
        Some(text) => secret::bytes(&text)
            .ok_or_else(|| Error::internal("auth.signing_key", "The setting `signing-key` has to be 32 bytes in base64url."))?,
        None => stored(at).await?,
    };
    let key = Arc::new(SigningKey::from_seed(&seed));
    Ok(Arc::clone(at.signing_key.get_or_init(|| key)))
}

/// The installation's own seed, made when there is none.
async fn stored(at: &Auth) -> Result<[u8; 32]> {
    let mut found = at.sql.query(signing_keys::find()).await?;
    if found.rows.is_empty() {
        let proposal = secret::random(&*at.entropy);
        found = last(
            &at.sql
                .batch(vec![signing_keys::propose(&proposal[..], at.clock.now()), signing_keys::find()])
                .await?,
        )?
        .clone();
    }
    let defect = || Error::internal("auth.signing_key_stored", "the stored signing key is not 32 bytes");
    found.first().ok_or_else(defect)?.blob(0)?.try_into().map_err(|_| defect())
}
