//! `cargo xtask setup`: what the machine must have, checked and installed one by one.

use anyhow::{Result, bail};

use crate::step::step;
use crate::{cache, clang, command, layout, room};

/// How much to set up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What `up` needs.
    Build,
    /// And what tests need.
    Tests,
}

/// Rust targets of the guests, the components and the browser.
const TARGETS: [&str; 3] = ["wasm32-unknown-unknown", "wasm32-wasip1", "wasm32-wasip2"];
/// Oldest compiler that builds everything (wasmtime 48 asks for it).
const RUST_MIN: (u32, u32) = (1, 95);
/// Oldest Node.js that the npm packages run on.
const NODE_MIN: u32 = 20;

/// Check and install. Repeating it on a machine that has everything takes well under a second.
pub(crate) fn run(scope: Scope) -> Result<()> {
    room::make()?;
    rust()?;
    targets()?;
    debian("a C compiler (libSQL is partly C)", "cc", "gcc libc6-dev")?;
    if clang::find().is_none() {
        debian("a C compiler for WebAssembly (QuickJS is C)", "clang-22", "clang-22 llvm-22")?;
    }
    node()?;
    npm()?;
    if scope == Scope::Tests {
        debian("a browser for the tests", "chromium", "chromium")?;
    }
    Ok(())
}

fn rust() -> Result<()> {
    let version = command::read(command::command("rustc").arg("--version")).unwrap_or_default();
    let mut numbers = version
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < RUST_MIN {
        bail!(
            "Rust {}.{} or newer is needed, found «{version}»; run: rustup update stable",
            RUST_MIN.0,
            RUST_MIN.1
        );
    }
    Ok(())
}

fn targets() -> Result<()> {
    let sysroot = command::read(command::command("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    let missing: Vec<&str> = TARGETS
        .into_iter()
        .filter(|target| !std::path::Path::new(&sysroot).join("lib/rustlib").join(target).join("lib").is_dir())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!("rustup target add {}", missing.join(" "));
    if !command::on_path("rustup") {
        bail!(
            "the Rust targets {} are missing and rustup is not on PATH; install them, for example with: {line}",
            missing.join(", ")
        );
    }
    step(&line, || {
        command::run_quietly(command::command("rustup").args(["target", "add"]).args(&missing))
    })
}

/// A program from Debian's packages. Installs it as root on a machine with apt; elsewhere prints the command.
fn debian(what: &str, program: &str, packages: &str) -> Result<()> {
    if command::on_path(program) {
        return Ok(());
    }
    let root = command::read(command::command("id").arg("-u")).as_deref() == Some("0");
    let line = format!(
        "{}apt-get update && {0}apt-get install -y --no-install-recommends {packages}",
        if root { "" } else { "sudo " }
    );
    if !root || !command::on_path("apt-get") {
        bail!("{what} is missing ({program}). On Debian or Ubuntu run:\n  {line}");
    }
    step(&format!("install {packages} ({what})"), || {
        command::run_quietly(command::command("sh").args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive"))
    })
}

fn node() -> Result<()> {
    let version = command::read(command::command("node").arg("--version")).unwrap_or_default();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|part| part.parse::<u32>().ok())
        .unwrap_or(0);
    if major < NODE_MIN || !command::on_path("npm") {
        bail!(
            "Node.js {NODE_MIN} or newer with npm is needed, found «{version}». On Debian or Ubuntu run:\n  sudo apt-get install -y nodejs npm\nor see https://nodejs.org/download"
        );
    }
    Ok(())
}

/// The npm packages of package-lock.json, installed again only when the lock file changed. Scripts stay off: some of them download from
/// places that an offline mirror does not have, and none is needed.
fn npm() -> Result<()> {
    let key = cache::Key::new("npm 1").files(&layout::root().join("package-lock.json"))?.finish();
    let stamp = layout::root().join("node_modules/.selvedge-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == key) {
        return Ok(());
    }
    step("npm ci", || {
        command::run_quietly(command::command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))
    })?;
    Ok(std::fs::write(stamp, key)?)
}
