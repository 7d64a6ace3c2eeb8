//! `cargo xtask test`: suites in tiers.

mod tidy;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::step::step;
use crate::{build, command, layout, setup};

/// How much to test.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Tier {
    /// Format, rules of the tree, lints, unit tests
    Quick,
    /// Everything that CI runs: also the built artifacts, the sandbox, three hosts and a real browser
    Full,
    /// Also the dependency audit and the benchmarks
    Nightly,
}

struct Suite {
    name: &'static str,
    from: Tier,
    run: fn() -> Result<()>,
}

const fn suite(name: &'static str, from: Tier, run: fn() -> Result<()>) -> Suite {
    Suite { name, from, run }
}

/// In this order: what fails fast comes first, and what needs artifacts comes after they are built.
const SUITES: [Suite; 17] = [
    suite("format", Tier::Quick, format),
    suite("tidy", Tier::Quick, tidy::run),
    suite("unit", Tier::Quick, unit),
    suite("lint", Tier::Quick, lint),
    suite("build", Tier::Full, || build::run(build::Part::All)),
    suite("lint-wasm", Tier::Full, lint_wasm),
    suite("engine", Tier::Full, engine),
    suite("node", Tier::Full, || {
        cargo_test(&["-p", "selvedge-node", "-p", "selvedge-protocol"])
    }),
    suite("database", Tier::Full, || {
        cargo_test(&["-p", "selvedge-database", "--all-features"])
    }),
    suite("host", Tier::Full, || cargo_test(&["-p", "selvedge"])),
    suite("conformance", Tier::Full, || cargo_test(&["-p", "selvedge-conformance"])),
    suite("hostile", Tier::Full, || {
        cargo_test(&["-p", "selvedge-hostile", "-p", "selvedge-fuzz"])
    }),
    suite("browser", Tier::Full, browser),
    suite("kills", Tier::Nightly, kills),
    suite("fuzz", Tier::Nightly, || crate::fuzz::run(None, 60)),
    suite("audit", Tier::Nightly, audit),
    suite("bench", Tier::Nightly, || crate::bench::run(None, None)),
];

/// Crates whose tests need no built artifact.
const UNIT: [&str; 13] = [
    "xtask",
    "selvedge-ports",
    "selvedge-auth",
    "selvedge-workspace",
    "selvedge-billing",
    "selvedge-contract",
    "selvedge-api",
    "selvedge-app",
    "selvedge-harness",
    "selvedge-edge-spin",
    "selvedge-checkpoint",
    "selvedge-files",
    "selvedge-environment",
];

/// Run the tier's suites, all of them even when one fails, and say which did.
pub(crate) fn run(tier: Tier, only: Option<&str>) -> Result<()> {
    setup::run(if tier >= Tier::Full {
        setup::Scope::Tests
    } else {
        setup::Scope::Build
    })?;
    let mut passed = 0;
    let mut failed = Vec::new();
    for suite in SUITES
        .iter()
        .filter(|suite| suite.from <= tier && only.is_none_or(|part| suite.name.contains(part)))
    {
        match step(&format!("test: {}", suite.name), suite.run) {
            Ok(()) => passed += 1,
            Err(error) => {
                eprintln!("{}: {error:#}", suite.name);
                failed.push(suite.name);
                if suite.name == "build" {
                    // What follows would test something else than this checkout.
                    break;
                }
            }
        }
    }
    println!("\nsuites: {passed} passed, {} failed", failed.len());
    if !failed.is_empty() {
        bail!(
            "failed: {}. Run one alone with: cargo xtask test --tier {} NAME",
            failed.join(", "),
            if tier == Tier::Quick { "quick" } else { "full" }
        );
    }
    Ok(())
}

fn format() -> Result<()> {
    command::run(&mut command::cargo(&["fmt", "--all", "--check"]))?;
    for guest in ["sandbox/guest-python", "sandbox/guest-js"] {
        command::run(command::cargo(&["fmt", "--check"]).current_dir(layout::root().join(guest)))?;
    }
    Ok(())
}

fn unit() -> Result<()> {
    let mut arguments: Vec<&str> = UNIT.iter().flat_map(|name| ["-p", name]).collect();
    // Pages exist with the one feature only, buckets with the other.
    arguments.extend(["--features", "selvedge-app/ssr,selvedge-checkpoint/s3"]);
    cargo_test(&arguments)
}

/// Crates that only a JavaScript host runs; linted one by one, because their features must not meet.
const FOR_JAVASCRIPT: [&str; 2] = ["selvedge-edge-worker", "selvedge-browser"];
/// Crates that are WASI components.
const COMPONENTS: [&str; 5] = [
    "selvedge-edge-wasi",
    "selvedge-edge-spin",
    "selvedge-auth-component",
    "selvedge-workspace-component",
    "selvedge-billing-component",
];

fn lint() -> Result<()> {
    let mut arguments = vec!["--workspace", "--features", "selvedge-app/ssr", "--all-targets"];
    arguments.extend(FOR_JAVASCRIPT.iter().chain(&COMPONENTS).flat_map(|name| ["--exclude", name]));
    clippy(&arguments)
}

fn lint_wasm() -> Result<()> {
    for name in FOR_JAVASCRIPT {
        clippy(&["--target", "wasm32-unknown-unknown", "-p", name])?;
    }
    let mut arguments = vec!["--target", "wasm32-wasip2"];
    arguments.extend(COMPONENTS.iter().flat_map(|name| ["-p", name]));
    clippy(&arguments)
}

fn clippy(arguments: &[&str]) -> Result<()> {
    command::run(
        command::cargo(&["clippy", "--quiet", "--release", "--keep-going"])
            .args(arguments)
            .args(["--", "--deny", "warnings"]),
    )
}

fn cargo_test(arguments: &[&str]) -> Result<()> {
    command::run(
        command::cargo(&["test", "--quiet", "--release", "--no-fail-fast"])
            .args(arguments)
            .env("SELVEDGE_ASSETS", layout::assets()),
    )
}

/// The node's workers killed ten times as often as in its own suite.
fn kills() -> Result<()> {
    command::run(
        command::cargo(&[
            "test",
            "--quiet",
            "--release",
            "-p",
            "selvedge-node",
            "--test",
            "node",
            "kills",
            "--",
            "--nocapture",
        ])
        .env("SELVEDGE_ASSETS", layout::assets())
        .env("SELVEDGE_KILLS", "200"),
    )
}

/// The image builder apart from the rest: it brings the compiler, which the crates that run guests must do without. With the packager, as it is
/// built, so that the compiler is compiled once.
fn engine() -> Result<()> {
    let crates = [
        "selvedge-engine",
        "selvedge-complexity",
        "selvedge-receipt",
        "selvedge-sandbox-worker",
        "selvedge-bench",
    ];
    cargo_test(&crates.map(|name| ["-p", name]).concat())?;
    cargo_test(&["-p", "selvedge-image", "-p", "selvedge-packager"])
}

fn browser() -> Result<()> {
    command::run(
        command::command("node")
            // A page that never does what a test waits for is a failure, not a run without end. Milliseconds, for each file.
            .args(["--test", "--test-timeout=300000", "--test-reporter=spec", "tests/browser/"])
            .env("SELVEDGE_ASSETS", layout::assets()),
    )
}

/// Licences, sources and advisories, by cargo-deny when it is installed.
fn audit() -> Result<()> {
    if !command::on_path("cargo-deny") {
        println!("skipped: cargo-deny is not on PATH; install it with: cargo install --locked cargo-deny");
        return Ok(());
    }
    command::run(&mut command::cargo(&["deny", "check", "licenses", "bans", "sources"]))
}
