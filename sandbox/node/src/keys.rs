//! The edge's public keys, by key id.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use http::uri::PathAndQuery;
use jwt_compact::Algorithm;
use jwt_compact::alg::{Ed25519, VerifyingKey as _};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use crate::edge::Edge;
use crate::log;

/// The edge is asked again for a key id that it did not have, but no more often than this.
const FETCH_INTERVAL: Duration = Duration::from_secs(1);

/// A key with which the edge's signatures are checked.
pub(crate) type PublicKey = <Ed25519 as Algorithm>::VerifyingKey;

/// Why a key is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// The edge has no such key.
    Unknown,
    /// The edge could not be asked.
    Unavailable,
}

/// Keys fetched from `/.well-known/jwks.json`.
#[derive(Debug)]
pub(crate) struct Keys {
    edge: Arc<Edge>,
    known: RwLock<HashMap<String, PublicKey>>,
    /// When the edge was last asked, and whether it answered. Held while asking, so that many orders ask once.
    asked: Mutex<Option<(Instant, bool)>>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
}

impl Keys {
    /// No keys yet.
    pub(crate) fn new(edge: Arc<Edge>) -> Self {
        Self {
            edge,
            known: RwLock::default(),
            asked: Mutex::default(),
        }
    }

    /// The key with this id.
    pub(crate) async fn find(&self, id: &str) -> Result<PublicKey, NoKey> {
        if let Some(key) = self.known(id) {
            return Ok(key);
        }
        let mut asked = self.asked.lock().await;
        // Somebody else may have fetched it while we waited.
        if let Some(key) = self.known(id) {
            return Ok(key);
        }
        let answered = match *asked {
            Some((at, answered)) if at.elapsed() < FETCH_INTERVAL => answered,
            _ => {
                let answered = self.fetch().await;
                *asked = Some((Instant::now(), answered));
                answered
            }
        };
        drop(asked);
        self.known(id).ok_or(if answered { NoKey::Unknown } else { NoKey::Unavailable })
    }

    /// Fetch the keys before the first order needs them. That the edge is not there yet is no error.
    pub(crate) async fn prepare(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_none() && self.fetch().await {
            *asked = Some((Instant::now(), true));
        }
    }

    fn known(&self, id: &str) -> Option<PublicKey> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    /// Replaces all keys, so that one that the edge has withdrawn is gone.
    async fn fetch(&self) -> bool {
        let body = match self.edge.get(PathAndQuery::from_static("/.well-known/jwks.json")).await {
            Ok((StatusCode::OK, body)) => body,
            Ok((status, _)) => {
                log::warn("the edge refused its public keys", json!({ "status": status.as_u16() }));
                return false;
            }
            Err(error) => {
                log::warn("the edge's public keys could not be fetched", json!({ "error": error.to_string() }));
                return false;
            }
        };
        let Ok(set) = serde_json::from_slice::<KeySet>(&body) else {
            log::warn("the edge's public keys are not a JWK set", json!({}));
            return false;
        };
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(usable).collect();
        log::info("fetched the edge's public keys", json!({ "keys": keys.len() }));
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = keys;
        true
    }
}

/// Keys of other kinds and for other purposes are passed over, as RFC 7517 §5 asks.
fn usable(key: serde_json::Value) -> Option<(String, PublicKey)> {
    let key: Key = serde_json::from_value(key).ok()?;
    let ours = key.kty == "OKP"
        && key.crv == "Ed25519"
        && key.alg.is_none_or(|alg| alg == "EdDSA")
        && key.purpose.is_none_or(|purpose| purpose == "sig");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(key.x).ok()?;
    let public = PublicKey::from_slice(&bytes).ok()?;
    ours.then_some((key.kid, public))
}
