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

/// In this order: what fails fast comes first, and what needs artifacts comes after they are built.
const SUITES: [Suite; 14] = [
    Suite {
        name: "format",
        from: Tier::Quick,
        run: format,
    },
    Suite {
        name: "tidy",
        from: Tier::Quick,
        run: tidy::run,
    },
    Suite {
        name: "unit",
        from: Tier::Quick,
        run: unit,
    },
    Suite {
        name: "lint",
        from: Tier::Quick,
        run: lint,
    },
    Suite {
        name: "build",
        from: Tier::Full,
        run: || build::run(build::Part::All),
    },
    Suite {
        name: "lint-wasm",
        from: Tier::Full,
        run: lint_wasm,
    },
    Suite {
        name: "engine",
        from: Tier::Full,
        run: || cargo_test(&["-p", "selvedge-engine"]),
    },
    Suite {
        name: "node",
        from: Tier::Full,
        run: || cargo_test(&["-p", "selvedge-node", "-p", "selvedge-protocol"]),
    },
    Suite {
        name: "database",
        from: Tier::Full,
        run: || cargo_test(&["-p", "selvedge-database", "--all-features"]),
    },
    Suite {
        name: "host",
        from: Tier::Full,
        run: || cargo_test(&["-p", "selvedge"]),
    },
    Suite {
        name: "conformance",
        from: Tier::Full,
        run: || cargo_test(&["-p", "selvedge-conformance"]),
    },
    Suite {
        name: "browser",
        from: Tier::Full,
        run: browser,
    },
    Suite {
        name: "audit",
        from: Tier::Nightly,
        run: audit,
    },
    Suite {
        name: "bench",
        from: Tier::Nightly,
        run: || crate::bench::run(None, None),
    },
];

/// Crates whose tests need no built artifact.
const UNIT: [&str; 10] = [
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
    command::run(command::cargo(&["fmt", "--check"]).current_dir(layout::root().join("sandbox/guest-python")))
}

fn unit() -> Result<()> {
    let mut arguments: Vec<&str> = UNIT.iter().flat_map(|name| ["-p", name]).collect();
    // Pages exist with this feature only.
    arguments.extend(["--features", "selvedge-app/ssr"]);
    cargo_test(&arguments)
}

fn lint() -> Result<()> {
    clippy(&[
        "--workspace",
        "--features",
        "selvedge-app/ssr",
        "--exclude",
        "selvedge-edge-worker",
        "--exclude",
        "selvedge-browser",
        "--exclude",
        "selvedge-edge-wasi",
        "--exclude",
        "selvedge-edge-spin",
        "--exclude",
        "selvedge-auth-component",
        "--exclude",
        "selvedge-workspace-component",
        "--exclude",
        "selvedge-billing-component",
        "--all-targets",
    ])
}

fn lint_wasm() -> Result<()> {
    clippy(&["--target", "wasm32-unknown-unknown", "-p", "selvedge-edge-worker"])?;
    clippy(&["--target", "wasm32-unknown-unknown", "-p", "selvedge-browser"])?;
    clippy(&[
        "--target",
        "wasm32-wasip2",
        "-p",
        "selvedge-edge-wasi",
        "-p",
        "selvedge-edge-spin",
        "-p",
        "selvedge-auth-component",
        "-p",
        "selvedge-workspace-component",
        "-p",
        "selvedge-billing-component",
    ])
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

/// The image builder apart from the rest: it brings the compiler, which the crates that run guests must do without.
fn engine() -> Result<()> {
    cargo_test(&["-p", "selvedge-engine", "-p", "selvedge-sandbox-worker", "-p", "selvedge-bench"])?;
    cargo_test(&["-p", "selvedge-image"])
}

fn browser() -> Result<()> {
    command::run(
        command::command("node")
            .args(["--test", "--test-reporter=spec", "tests/browser/"])
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
