//! Every code that a client can meet is explained.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const EXPLAINED: &str = include_str!("../errors.md");
/// Where codes are made.
const SOURCES: [&str; 5] = [
    "src",
    "../../components/ports/src",
    "../../components/auth/src",
    "../../components/workspace/src",
    "../../components/billing/src",
];

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

/// Constructors of errors; `internal` is not among them, because its code stays in the log.
const CALLS: [&str; 4] = ["Error::new(", "Error::invalid(", "Error::not_found(", " Err(forbidden("];

/// The codes of all errors that are made with a literal one, each with a file.
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
        while let Some((at, call)) = CALLS.iter().filter_map(|call| Some((rest.find(call)?, call))).min() {
            rest = &rest[at + call.len()..];
            let arguments = &rest[..rest.find(';').unwrap_or(rest.len())];
            // The first argument of `invalid` is the field.
            let from = if *call == "Error::invalid(" {
                arguments.find(',').unwrap_or_default()
            } else {
                0
            };
            if let Some(code) = arguments[from..]
                .split('"')
                .skip(1)
                .step_by(2)
                .find(|literal| looks_like_a_code(literal))
            {
                found.insert(code.to_owned(), file.clone());
            }
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
