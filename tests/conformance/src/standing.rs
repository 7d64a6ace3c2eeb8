//! What holds for every answer of every scenario.

use anyhow::{Context as _, Result, bail, ensure};
use selvedge_harness::{Answer, Call};

/// The security headers; cookies that no script can read; errors of the API in their envelope; no credential and nothing of our insides in
/// them.
pub fn check(call: &Call, answer: &Answer) -> Result<()> {
    // Static files are the same for everybody, and some hosts serve them without us.
    if !call.path.starts_with("/pkg/") {
        headers(answer)?;
    }
    for cookie in answer.all("set-cookie") {
        let attributes: Vec<&str> = cookie.split(';').skip(1).map(str::trim).collect();
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            ensure!(attributes.contains(&attribute), "a cookie without {attribute}: {cookie}");
        }
    }
    let api = call.path.starts_with("/api/");
    if api && answer.status >= 400 {
        envelope(answer)?;
        nothing_secret(call, answer)?;
    }
    Ok(())
}

fn headers(answer: &Answer) -> Result<()> {
    let value = |name: &str| answer.header(name).with_context(|| format!("the header {name} is missing"));
    ensure!(
        value("x-content-type-options")? == "nosniff",
        "x-content-type-options is not nosniff"
    );
    ensure!(
        ["no-referrer", "same-origin", "strict-origin-when-cross-origin"].contains(&value("referrer-policy")?),
        "a loose referrer-policy"
    );
    let policy = value("content-security-policy")?;
    ensure!(
        policy.contains("frame-ancestors 'none'") || policy.contains("frame-ancestors 'self'"),
        "anybody may frame this: {policy}"
    );
    for hole in ["'unsafe-eval'", "script-src *"] {
        ensure!(!policy.contains(hole), "{hole} in the content security policy: {policy}");
    }
    Ok(())
}

fn envelope(answer: &Answer) -> Result<()> {
    let body = answer.json()?;
    let error = body.get("error").with_context(|| format!("no error envelope: {body}"))?;
    for field in ["code", "message", "request_id", "docs"] {
        let value = error.get(field).and_then(|value| value.as_str()).unwrap_or_default();
        ensure!(!value.is_empty(), "`error.{field}` is missing: {body}");
    }
    Ok(())
}

fn nothing_secret(call: &Call, answer: &Answer) -> Result<()> {
    let text = answer.text();
    for (name, value) in call
        .headers
        .iter()
        .filter(|(name, _)| ["authorization", "cookie"].contains(&name.as_str()))
    {
        for secret in value.split([' ', ';', '=']).filter(|part| part.len() >= 16) {
            if text.contains(secret) {
                bail!("the error repeats what was sent in `{name}`");
            }
        }
    }
    for leak in ["panicked at", ".rs:", "SQLITE_", "stack backtrace"] {
        ensure!(!text.contains(leak), "the error shows our insides (`{leak}`): {text}");
    }
    Ok(())
}
