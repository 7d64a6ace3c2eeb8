//! The guard against requests that another site makes with this browser's cookies.

use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use selvedge_ports::{Error, ErrorKind};

use crate::Failure;

/// Refuse a request that changes something and that a foreign site may have made. An `Authorization` header cannot be added by a foreign
/// page, so it passes; so does a request with neither cookie nor origin, which no browser sends and in which there is nothing to abuse.
pub fn check(method: &Method, headers: &HeaderMap, host: Option<&str>, public_url: &str) -> Result<(), Failure> {
    if method.is_safe() || headers.contains_key(AUTHORIZATION) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let same = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let asked = text(HOST.as_str()).or(host);
            origin == public_url || authority(origin).is_some_and(|from| asked.is_some_and(|asked| from.eq_ignore_ascii_case(asked)))
        }
        (None, None) => !headers.contains_key(COOKIE),
    };
    if same { Ok(()) } else { Err(refusal()) }
}

fn authority(origin: &str) -> Option<&str> {
    origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))
}

fn refusal() -> Failure {
    let error = Error::new(
        ErrorKind::Forbidden,
        "csrf",
        "This request did not come from this site, so nothing was done. Open the page here and try again.",
    );
    Failure::with_status(StatusCode::FORBIDDEN, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: Method, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        check(&method, &headers, None, "https://selvedge.example").is_ok()
    }

    #[test]
    fn reading_is_always_allowed() {
        assert!(ask(Method::GET, &[("origin", "https://evil.example"), ("cookie", "a=b")]));
    }

    #[test]
    fn the_browsers_own_verdict_decides_first() {
        assert!(ask(Method::POST, &[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(ask(Method::POST, &[("sec-fetch-site", "none")]));
        assert!(!ask(
            Method::POST,
            &[("sec-fetch-site", "same-site"), ("origin", "https://selvedge.example")]
        ));
        assert!(!ask(Method::POST, &[("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn without_it_the_origin_must_be_this_site() {
        assert!(ask(Method::POST, &[("origin", "https://selvedge.example"), ("cookie", "a=b")]));
        assert!(ask(
            Method::POST,
            &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]
        ));
        assert!(!ask(
            Method::POST,
            &[("origin", "http://127.0.0.1:3001"), ("host", "127.0.0.1:3000")]
        ));
        assert!(!ask(
            Method::DELETE,
            &[("origin", "https://selvedge.example.evil.example"), ("host", "selvedge.example")]
        ));
        assert!(!ask(Method::PUT, &[("origin", "null"), ("host", "selvedge.example")]));
    }

    #[test]
    fn a_cookie_without_any_origin_is_refused_and_no_cookie_is_not() {
        assert!(!ask(Method::POST, &[("cookie", "selvedge-access=x"), ("host", "selvedge.example")]));
        assert!(ask(Method::POST, &[("host", "selvedge.example")]));
    }

    #[test]
    fn a_bearer_cannot_be_forged_by_a_page() {
        assert!(ask(
            Method::POST,
            &[("authorization", "Bearer x"), ("origin", "https://evil.example"), ("cookie", "a=b")]
        ));
    }
}
