//! The signing key, and the tokens that it signs: JWTs with EdDSA (Ed25519) and no other algorithm.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use jwt_compact::alg::Ed25519;
use jwt_compact::{AlgorithmExt as _, Claims, Header, UntrustedToken};
use selvedge_ports::{Error, Result, TimestampMs};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Ed25519, and what is made from its public half.
pub(crate) struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    public: VerifyingKey,
    id: String,
}

impl SigningKey {
    pub(crate) fn from_seed(seed: &[u8; 32]) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = secret.verifying_key();
        // RFC 7638: the members that the key type requires, in alphabetical order, without blanks.
        let members = format!(
            r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
            URL_SAFE_NO_PAD.encode(public.as_bytes())
        );
        Self {
            secret,
            public,
            id: URL_SAFE_NO_PAD.encode(Sha256::digest(members)),
        }
    }

    /// RFC 8037 JWK set of the public half.
    pub(crate) fn jwks(&self) -> String {
        let x = URL_SAFE_NO_PAD.encode(self.public.as_bytes());
        let key = serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.id, "alg": "EdDSA", "use": "sig" });
        serde_json::json!({ "keys": [key] }).to_string()
    }

    /// A token that is good until `expires_at`, rounded down to the second. Returns it with that time.
    pub(crate) fn sign<T: Serialize>(&self, claims: T, now: TimestampMs, expires_at: TimestampMs) -> Result<(String, TimestampMs)> {
        let (iat, exp) = (now / SECOND_MS, expires_at / SECOND_MS);
        let token = self.token(Timed {
            iat,
            exp: Some(exp),
            claims,
        })?;
        Ok((token, exp * SECOND_MS))
    }

    /// A statement that stays true. It opens nothing: [`SigningKey::verify`] takes no token without an end.
    pub(crate) fn attest<T: Serialize>(&self, claims: T, now: TimestampMs) -> Result<String> {
        let iat = now / SECOND_MS;
        self.token(Timed { iat, exp: None, claims })
    }

    fn token<T: Serialize>(&self, timed: Timed<T>) -> Result<String> {
        let header = Header::empty().with_key_id(&self.id).with_token_type("JWT");
        Ed25519
            .token(&header, &Claims::new(timed), &self.secret)
            .map_err(|_| Error::internal("auth.sign", "a token could not be signed"))
    }

    /// The claims of a token that this key signed and that has not expired. The algorithm is never the token's choice.
    pub(crate) fn verify<T: DeserializeOwned>(&self, token: &str, now: TimestampMs) -> Option<T> {
        let untrusted = UntrustedToken::new(token).ok()?;
        if untrusted.header().key_id.as_deref() != Some(&self.id) {
            return None;
        }
        let (_, claims) = Ed25519.validator::<T>(&self.public).validate(&untrusted).ok()?.into_parts();
        let expires = u64::try_from(claims.expiration?.timestamp()).ok()?;
        (now / SECOND_MS < expires).then_some(claims.custom)
    }
}

const SECOND_MS: u64 = 1_000;

/// The claims that every token has.
#[derive(Serialize)]
struct Timed<T> {
    iat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<u64>,
    #[serde(flatten)]
    claims: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.1 to A.3: a key, its public half and its thumbprint.
    #[test]
    fn the_public_key_and_its_id_are_those_of_rfc_8037() {
        let seed: [u8; 32] = URL_SAFE_NO_PAD
            .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
            .unwrap()
            .try_into()
            .unwrap();
        let key = SigningKey::from_seed(&seed);
        assert_eq!(key.id, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let jwks: serde_json::Value = serde_json::from_str(&key.jwks()).unwrap();
        assert_eq!(jwks["keys"][0]["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert!(jwks["keys"][0].get("d").is_none());
    }

    #[test]
    fn a_token_ends_at_its_second() {
        let key = SigningKey::from_seed(&[7; 32]);
        let (token, expires) = key.sign(serde_json::json!({ "a": 1 }), 1_000_000, 1_060_999).unwrap();
        assert_eq!(expires, 1_060_000);
        let read = |now| key.verify::<serde_json::Value>(&token, now);
        assert_eq!(read(1_059_999).unwrap()["a"], 1);
        assert!(read(1_060_000).is_none());
        assert!(
            SigningKey::from_seed(&[8; 32])
                .verify::<serde_json::Value>(&token, 1_000_000)
                .is_none()
        );
    }
}
