//! Signing in and out.

use selvedge_ports::Result;
use selvedge_ports::shapes::SignIn;

use crate::Platform;

/// Trade the code of a one-time sign-in link for a sign-in.
pub async fn redeem_link(platform: &Platform, code: &str) -> Result<SignIn> {
    platform.auth.redeem_link(code).await
}

/// End the sign-in session of this refresh token.
pub async fn sign_out(platform: &Platform, refresh: &str) -> Result<()> {
    platform.auth.sign_out(refresh).await
}
