//! Does a page carry only what its content security policy lets run?

use anyhow::{Context as _, Result, bail, ensure};
use regex::Regex;
use selvedge_harness::Answer;

/// Every script element that can run has the nonce of the policy, a fresh one per answer; no inline handler, no `javascript:` link; the policy has no
/// unsafe source for scripts.
pub fn check(answer: &Answer) -> Result<()> {
    let policy = answer.header("content-security-policy").context("no content security policy")?;
    let scripts = directive(policy, "script-src")
        .or_else(|| directive(policy, "default-src"))
        .context("no rule for scripts in the policy")?;
    for hole in ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"] {
        ensure!(
            !scripts.split_whitespace().any(|source| source == hole),
            "scripts from {hole} are allowed: {policy}"
        );
    }
    let nonce = scripts
        .split_whitespace()
        .find_map(|source| source.strip_prefix("'nonce-")?.strip_suffix('\''))
        .context("no nonce for scripts")?;
    ensure!(nonce.len() >= 22, "the nonce `{nonce}` is shorter than 128 bits");
    let page = answer.text();
    for tag in Regex::new(r"(?is)<script\b[^>]*>")?.find_iter(&page) {
        // Data, which no browser runs.
        if tag.as_str().contains("type=\"application/json\"") {
            continue;
        }
        ensure!(
            tag.as_str().contains(&format!("nonce=\"{nonce}\"")),
            "a script without the nonce: {}",
            tag.as_str()
        );
    }
    for (what, pattern) in [
        ("an inline handler", r#"(?is)<[a-z][^>]*\son[a-z]+\s*="#),
        ("a javascript: link", r#"(?is)(href|src|action)\s*=\s*["']?javascript:"#),
    ] {
        if let Some(found) = Regex::new(pattern)?.find(&page) {
            bail!("{what}: {}", found.as_str());
        }
    }
    Ok(())
}

fn directive<'a>(policy: &'a str, name: &str) -> Option<&'a str> {
    policy
        .split(';')
        .map(str::trim)
        .find_map(|rule| rule.strip_prefix(name)?.strip_prefix(' '))
}

#[cfg(test)]
mod tests {
    use selvedge_harness::Answer;

    use super::check;

    fn page(policy: &str, body: &str) -> Answer {
        Answer {
            status: 200,
            headers: vec![("content-security-policy".to_owned(), policy.to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    const GOOD: &str = "default-src 'self'; script-src 'self' 'nonce-AAAAAAAAAAAAAAAAAAAAAA=='";

    #[test]
    fn a_page_passes_only_with_its_nonce_everywhere() {
        let script = r#"<script nonce="AAAAAAAAAAAAAAAAAAAAAA==">1</script>"#;
        check(&page(GOOD, script)).unwrap();
        for (policy, body) in [
            (GOOD, "<script>1</script>"),
            (GOOD, r#"<p onclick="x()">"#),
            (GOOD, r#"<a href="javascript:x()">"#),
            ("default-src 'self'", ""),
            ("script-src 'unsafe-inline' 'nonce-AAAAAAAAAAAAAAAAAAAAAA=='", ""),
        ] {
            assert!(check(&page(policy, body)).is_err(), "{policy} {body}");
        }
    }
}
