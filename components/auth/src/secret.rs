//! Random secrets, their text forms and their hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use selvedge_ports::Entropy;
use sha2::{Digest, Sha256};

/// What API keys begin with, so that they are told from access tokens and found by secret scanners.
pub(crate) const KEY_PREFIX: &str = "slv_";

/// 32 random bytes.
pub(crate) fn random(entropy: &dyn Entropy) -> [u8; 32] {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    bytes
}

/// Random bytes as text for a credential.
pub(crate) fn random_text(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(random(entropy))
}

/// What is stored of a secret. A look-up by it tells nothing about the secret through its timing.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// 32 bytes from base64url.
pub(crate) fn bytes(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).ok()?.try_into().ok()
}

/// A refresh token: `slr.<sign-in session>.<generation>.<secret>`.
///
/// The secret of each generation is made from the one before it and the session's stored salt. So a second tab that comes with the previous
/// token gets the very token that the first tab got, though only its hash is stored; and any older one is known as spent, because hashing on
/// from it leads to the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefreshToken {
    pub(crate) sign_in: String,
    pub(crate) generation: u64,
    secret: String,
}

impl RefreshToken {
    /// The first of a sign-in session.
    pub(crate) fn first(sign_in: &str, entropy: &dyn Entropy) -> Self {
        Self {
            sign_in: sign_in.to_owned(),
            generation: 0,
            secret: random_text(entropy),
        }
    }

    /// The one that replaces it.
    pub(crate) fn next(&self, salt: &[u8]) -> Self {
        let secret = Sha256::new()
            .chain_update(b"selvedge refresh")
            .chain_update(salt)
            .chain_update(&self.secret)
            .finalize();
        Self {
            sign_in: self.sign_in.clone(),
            generation: self.generation + 1,
            secret: URL_SAFE_NO_PAD.encode(secret),
        }
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        hash(&self.to_string())
    }

    /// None for anything that was not made here.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("slr.")?.splitn(3, '.');
        let (sign_in, generation, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let token = Self {
            sign_in: sign_in.to_owned(),
            generation: generation.parse().ok()?,
            secret: secret.to_owned(),
        };
        (token.to_string() == text).then_some(token)
    }
}

impl std::fmt::Display for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "slr.{}.{}.{}", self.sign_in, self.generation, self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_ports::fake::SeededEntropy;

    #[test]
    fn a_refresh_token_is_read_as_it_was_written_and_nothing_else_is() {
        let token = RefreshToken::first("sgn_1", &SeededEntropy::new(1)).next(&[1; 32]);
        assert_eq!(RefreshToken::parse(&token.to_string()), Some(token));
        for wrong in [
            "",
            "slr.",
            "slr.a",
            "slr.a.b.c",
            "slr.a.01.c",
            "slr.a.+1.c",
            "slr.a.-1.c",
            "slv_x",
            "slr.a.99999999999999999999.c",
        ] {
            assert_eq!(RefreshToken::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_next_token_needs_both_the_one_before_and_the_salt() {
        let token = RefreshToken::first("sgn_1", &SeededEntropy::new(1));
        assert_eq!(token.next(&[1; 32]), token.next(&[1; 32]));
        assert_ne!(token.next(&[1; 32]), token.next(&[2; 32]));
        assert_ne!(
            token.next(&[1; 32]),
            RefreshToken::first("sgn_1", &SeededEntropy::new(2)).next(&[1; 32])
        );
    }
}
