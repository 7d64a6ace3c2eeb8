//! The two sign-in cookies.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use selvedge_ports::shapes::SignIn;

use crate::Config;

/// Names and attributes of the cookies, which depend on whether browsers reach this edge by TLS.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    tls: bool,
}

impl Cookies {
    /// For this edge.
    pub fn of(config: &Config) -> Self {
        Self {
            tls: config.public_url.starts_with("https:"),
        }
    }

    /// Holds the access token.
    pub const fn access(self) -> &'static str {
        if self.tls { "__Host-selvedge-access" } else { "selvedge-access" }
    }

    /// Holds the refresh token.
    pub const fn refresh(self) -> &'static str {
        if self.tls { "__Host-selvedge-refresh" } else { "selvedge-refresh" }
    }

    /// `Set-Cookie` values that sign a browser in.
    pub fn sign_in(self, sign_in: &SignIn, now: u64) -> Vec<HeaderValue> {
        [
            self.set(
                self.access(),
                &sign_in.access,
                sign_in.access_expires_at.saturating_sub(now) / 1_000,
            ),
            self.set(
                self.refresh(),
                &sign_in.refresh,
                sign_in.refresh_expires_at.saturating_sub(now) / 1_000,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// `Set-Cookie` values that sign a browser out.
    pub fn sign_out(self) -> Vec<HeaderValue> {
        [self.set(self.access(), "", 0), self.set(self.refresh(), "", 0)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn set(self, name: &str, value: &str, seconds: u64) -> Option<HeaderValue> {
        let secure = if self.tls { "; Secure" } else { "" };
        HeaderValue::try_from(format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")).ok()
    }
}

/// The value of a cookie, when the request has it and it is not empty.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name && !value.is_empty()).then_some(value))
}
