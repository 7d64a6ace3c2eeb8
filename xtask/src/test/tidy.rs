//! Rules of the tree that no compiler checks: the invariants of ARCHITECTURE.md, one function each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{command, layout};

/// Names every place that breaks the rule.
type Rule = fn(&Tree) -> Vec<String>;

/// Check every rule and show all that is broken.
pub(crate) fn run() -> Result<()> {
    let tree = Tree::read()?;
    let rules: [(&str, Rule); 8] = [
        ("a domain knows ports and nothing else", domains_know_only_ports),
        ("only the API and the servers know HTTP statuses", only_servers_know_statuses),
        ("a platform's name stays in its adapter", platforms_stay_in_adapters),
        ("only billing touches ledger tables", only_billing_touches_the_ledger),
        (
            "the process that runs guests has no compiler, no component model and no network client",
            sandbox_worker_is_small,
        ),
        ("the native host has no compiler", host_has_no_compiler),
        ("every WIT item is documented", wit_is_documented),
        ("every crate takes the workspace's lints", crates_take_lints),
    ];
    let mut broken = Vec::new();
    for (rule, check) in rules {
        broken.extend(check(&tree).into_iter().map(|place| format!("{rule}: {place}")));
    }
    if !broken.is_empty() {
        bail!("\n  {}", broken.join("\n  "));
    }
    println!("  {} rules hold over {} files", rules.len(), tree.files.len());
    Ok(())
}

/// The tracked text files.
struct Tree {
    files: Vec<(PathBuf, String)>,
}

impl Tree {
    fn read() -> Result<Self> {
        let listed = command::read(command::command("git").args(["ls-files"])).unwrap_or_default();
        if listed.is_empty() {
            bail!("git lists no files here; run this in a checkout");
        }
        let files = listed
            .lines()
            .filter_map(|name| {
                fs::read_to_string(layout::root().join(name))
                    .ok()
                    .map(|text| (PathBuf::from(name), text))
            })
            .collect();
        Ok(Self { files })
    }

    fn under<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a Path, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.to_string_lossy().ends_with(ending))
            .map(|(path, text)| (path.as_path(), text.as_str()))
    }

    /// Rust files outside these folders that hold one of these words.
    fn rust_with(&self, words: &[&str], outside: &[&str]) -> Vec<String> {
        self.under("", ".rs")
            .filter(|(path, _)| !outside.iter().any(|folder| path.starts_with(folder)))
            .flat_map(|(path, text)| {
                words
                    .iter()
                    .filter(move |word| text.contains(**word))
                    .map(move |word| format!("{} has `{word}`", path.display()))
            })
            .collect()
    }
}

fn domains_know_only_ports(tree: &Tree) -> Vec<String> {
    const MAY: &[&str] = &[
        "selvedge-ports",
        "selvedge-protocol",
        "async-trait",
        "base64",
        "ed25519-dalek",
        "hex",
        "jwt-compact",
        "serde",
        "serde_json",
        "sha2",
        "thiserror",
        "wit-bindgen",
        "futures",
    ];
    ["components/auth", "components/workspace", "components/billing"]
        .into_iter()
        .flat_map(|domain| {
            tree.under(domain, "Cargo.toml")
                .filter(move |(path, _)| path.parent() == Some(Path::new(domain)))
        })
        .flat_map(|(path, text)| {
            let dependencies = text
                .split("[dependencies]")
                .nth(1)
                .unwrap_or_default()
                .split("\n[")
                .next()
                .unwrap_or_default();
            dependencies
                .lines()
                .filter_map(|line| line.split(['.', ' ', '=']).next())
                .filter(|name| !name.is_empty() && !name.starts_with('#') && !MAY.contains(name))
                .map(move |name| format!("{} depends on {name}", path.display()))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn only_servers_know_statuses(tree: &Tree) -> Vec<String> {
    tree.rust_with(&["StatusCode"], &["edge", "sandbox/node", "tests", "xtask", "app-leptos"])
}

fn platforms_stay_in_adapters(tree: &Tree) -> Vec<String> {
    let mut found = tree.rust_with(
        &["worker::", "spin:sqlite"],
        &[
            "edge/worker",
            "edge/spin",
            "edge/host/examples",
            "edge/host/tests",
            "sandbox",
            "tests",
            "xtask",
        ],
    );
    found.extend(tree.rust_with(&["wasmtime::"], &["edge/host", "sandbox", "tests", "xtask"]));
    found.extend(
        tree.rust_with(&["wstd::"], &["edge/wasi"])
            .into_iter()
            .filter(|place| !place.starts_with("xtask")),
    );
    found
}

fn only_billing_touches_the_ledger(tree: &Tree) -> Vec<String> {
    let mut found = tree.rust_with(
        &["billing_accounts", "billing_entries", "billing_holds", "billing_transfers"],
        &["components/billing", "xtask"],
    );
    found.extend(
        tree.under("components", ".sql")
            .filter(|(path, text)| !path.starts_with("components/billing") && text.contains("billing_"))
            .map(|(path, _)| path.display().to_string()),
    );
    found
}

/// Names in the dependency tree of a package.
fn linked(package: &str, names: &[&str]) -> Vec<String> {
    let tree = command::read(&mut command::cargo(&[
        "tree",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--package",
        package,
    ]));
    let Some(tree) = tree else {
        return vec![format!("cargo tree cannot read {package}")];
    };
    names
        .iter()
        .filter(|name| tree.lines().any(|line| line.starts_with(**name)))
        .map(|name| format!("{package} links {name}"))
        .collect()
}

fn sandbox_worker_is_small(_: &Tree) -> Vec<String> {
    linked(
        "selvedge-sandbox-worker",
        &[
            "cranelift-codegen",
            "wasmtime-internal-cranelift",
            "wasmtime-wasi",
            "wasmtime-internal-component",
            "hyper ",
            "libsql",
        ],
    )
}

fn host_has_no_compiler(_: &Tree) -> Vec<String> {
    linked("selvedge", &["cranelift-codegen", "wasmtime-internal-cranelift"])
}

fn wit_is_documented(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.under("wit", ".wit") {
        let mut documented = false;
        let mut in_world = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            in_world = line.starts_with("world ") || (in_world && line != "}");
            let plain = line.is_empty()
                || line == "}"
                || line.starts_with("package ")
                || line.starts_with("use ")
                || (in_world && !line.starts_with("world "));
            if line.starts_with("///") {
                documented = true;
            } else {
                if !plain && !documented {
                    found.push(format!("{}:{} {line}", path.display(), number + 1));
                }
                documented = false;
            }
        }
    }
    found
}

fn crates_take_lints(tree: &Tree) -> Vec<String> {
    tree.under("", "Cargo.toml")
        .filter(|(path, text)| {
            let is_guest = ["sandbox/guest-python", "sandbox/guest-js"]
                .iter()
                .any(|guest| path.starts_with(guest));
            text.contains("[package]") && !text.contains("[lints]\nworkspace = true") && !is_guest
        })
        .map(|(path, _)| path.display().to_string())
        .collect()
}
