//! Who is asking, and what they may do: the auth domain over the sql, clock, entropy and settings ports.
//!
//! * Access tokens are signed (EdDSA) and short-lived, yet every use also looks whether the sign-in session was revoked.
//! * Refresh tokens, API keys and links are random; only their SHA-256 is stored.
//! * All failures to authenticate have one message. Time is compared without leeway: a token ends at its second, on this edge's clock.

mod policy;
mod secret;
mod service;
mod signing;
mod store;

use std::sync::{Arc, OnceLock};

use selvedge_ports::migrate::Migration;
use selvedge_ports::{Clock, Entropy, Error, ErrorKind, Settings, Sql, id};

use signing::SigningKey;

/// This domain's name: the prefix of its tables.
pub const DOMAIN: &str = "auth";

/// This domain's migrations, in order.
pub const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    sql: include_str!("../migrations/0001_principals_and_credentials.sql"),
}];

/// The auth domain. Implements [`selvedge_ports::Auth`].
pub struct Auth {
    sql: Arc<dyn Sql>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: Arc<dyn Settings>,
    /// Read once; a request needs it several times.
    signing_key: OnceLock<Arc<SigningKey>>,
}

impl Auth {
    /// Over these ports. Reads the setting `signing-key` (32 bytes, base64url); without it, a key is made once and kept in the database.
    pub fn new(sql: Arc<dyn Sql>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, settings: Arc<dyn Settings>) -> Self {
        Self {
            sql,
            clock,
            entropy,
            settings,
            signing_key: OnceLock::new(),
        }
    }

    fn new_id(&self, kind: id::Kind) -> String {
        id::new(kind, &*self.clock, &*self.entropy)
    }
}

/// The one answer to every credential that is not good, whatever is wrong with it.
fn unauthenticated() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "auth.unauthenticated",
        "Sign in, or send a valid access token or API key.",
    )
}
