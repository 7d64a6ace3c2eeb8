//! Tickets: the only thing that opens a node.

use http::HeaderValue;
use jwt_compact::UntrustedToken;
use jwt_compact::alg::Ed25519;
use jwt_compact::prelude::*;
use selvedge_protocol::TicketClaims;
use selvedge_protocol::order::{AUDIENCE_NODE, AUDIENCE_STREAM};
use sha2::{Digest, Sha256};

use crate::keys::{Keys, NoKey};
use crate::log;

/// How far the edge's clock may be behind or ahead of ours.
const CLOCK_SKEW_S: i64 = 5;

/// A ticket whose signature, audience and time are good. What it permits is still to be compared with what is asked.
#[derive(Debug)]
pub(crate) struct Ticket(TicketClaims);

/// The token in an `Authorization` header.
pub(crate) fn bearer(authorization: Option<&HeaderValue>) -> Result<&str, Refusal> {
    authorization
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(Refusal::Missing)
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// No `Authorization: Bearer`.
    #[error("this node answers only to a ticket of its edge (Authorization: Bearer)")]
    Missing,
    /// Not a token, or signed in another way than with Ed25519 by a key of the edge.
    #[error("the ticket was not signed by this node's edge")]
    Foreign,
    /// Too old.
    #[error("the ticket has expired; the edge has to issue another")]
    Expired,
    /// For another purpose, another action, another run or kernel, or another body.
    #[error("the ticket is for something else")]
    Other,
    /// The edge's keys are not known, so nothing can be checked.
    #[error("the edge's public keys cannot be fetched right now; nothing was accepted, try again")]
    Unavailable,
}

impl Refusal {
    /// As the answer names it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Missing => "ticket.missing",
            Self::Foreign => "ticket.foreign",
            Self::Expired => "ticket.expired",
            Self::Other => "ticket.other",
            Self::Unavailable => "keys.unavailable",
        }
    }
}

impl Ticket {
    /// Check everything that can be checked without the body.
    pub(crate) async fn check(authorization: Option<&HeaderValue>, keys: &Keys) -> Result<Self, Refusal> {
        Self::read(bearer(authorization)?, AUDIENCE_NODE, keys).await
    }

    /// The run at which its bearer may look on.
    pub(crate) async fn check_stream(ticket: &str, keys: &Keys) -> Result<String, Refusal> {
        let Self(claims) = Self::read(ticket, AUDIENCE_STREAM, keys).await?;
        Ok(claims.run)
    }

    async fn read(bearer: &str, audience: &str, keys: &Keys) -> Result<Self, Refusal> {
        let token = UntrustedToken::new(bearer).map_err(|_| Refusal::Foreign)?;
        let id = token.header().key_id.as_deref().ok_or(Refusal::Foreign)?;
        let key = keys.find(id).await.map_err(|error| match error {
            NoKey::Unknown => Refusal::Foreign,
            NoKey::Unavailable => Refusal::Unavailable,
        })?;
        // The validator compares the algorithm's name before anything else: `none` and `HS256` end here.
        let token = Ed25519
            .validator::<TicketClaims>(&key)
            .validate(&token)
            .map_err(|_| Refusal::Foreign)?;
        let now = i64::try_from(log::now_ms() / 1000).map_err(|_| Refusal::Expired)?;
        let claims = token.claims();
        if claims.expiration.is_none_or(|end| end.timestamp() + CLOCK_SKEW_S < now) {
            return Err(Refusal::Expired);
        }
        if claims.custom.aud != audience {
            return Err(Refusal::Other);
        }
        Ok(Self(claims.custom.clone()))
    }

    /// Does it permit this: `action` (nothing for an order and for cancelling it) of this run or kernel with this body?
    pub(crate) fn permits(&self, action: &str, subject: &str, body: &[u8]) -> Result<(), Refusal> {
        let Self(claims) = self;
        if claims.action == action && claims.run == subject && claims.digest == hex::encode(Sha256::digest(body)) {
            Ok(())
        } else {
            Err(Refusal::Other)
        }
    }

    /// The run that it is for.
    pub(crate) fn run(&self) -> &str {
        &self.0.run
    }
}
