//! Every code that a client can meet is explained.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const EXPLAINED: &str = include_str!("../errors.md");
/// Where codes are made.
const SOURCES: [&str; 5] =
    ["src", "../../components/ports/src", "../../components/auth/src", "../../components/workspace/src", "../../components/billing/src"];

fn explained() -> Vec<&'static str> {
    EXPLAINED.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}

/// Literals that look like codes, in the second place of an error's constructor or after a `code` of their own.
fn codes() -> BTreeMap<String, PathBuf> {
    let mut files = Vec::new();
    for folder in SOURCES {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    }
    let mut found = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let mut rest = text;
        while let Some(at) = ["Error::new(", "Error::invalid(", "Error::not_found("].iter().filter_map(|call| Some(rest.find(call)? + call.len())).min() {
            let call = &rest[at..];
            let arguments = &call[..call.find(';').unwrap_or(call.len())];
            let code = arguments.split('"').skip(1).step_by(2).find(|literal| looks_like_a_code(literal));
            if let Some(code) = code {
                found.insert(code.to_owned(), file.clone());
            }
            rest = call;
        }
    }
    found
}

fn looks_like_a_code(literal: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    literal == "csrf" || literal.split_once('.').is_some_and(|(domain, what)| word(domain) && word(what))
}

#[test]
fn every_code_has_its_explanation() {
    let explained = explained();
    let codes = codes();
    assert!(codes.len() > 25, "the search for codes finds too few: {codes:?}");
    let missing: Vec<_> = codes.iter().filter(|(code, _)| !explained.contains(&code.as_str())).collect();
    assert!(missing.is_empty(), "without a section in edge/api/errors.md: {missing:#?}");
}

#[test]
fn every_explanation_names_its_status_and_stands_once() {
    let explained = explained();
    let mut unique = explained.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), explained.len());
    for section in EXPLAINED.split("\n## ").skip(1) {
        let (code, text) = section.split_once('\n').unwrap();
        let status: u16 = text.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or_default();
        assert!((400..600).contains(&status), "{code} does not begin with its status");
    }
}
