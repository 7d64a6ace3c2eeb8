//! `cargo xtask`: sets up, builds, starts, tests and packages the project.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

mod bench;
mod build;
mod cache;
mod clang;
mod command;
mod dist;
mod fuzz;
mod layout;
mod peers;
mod python_support;
mod room;
mod setup;
mod step;
mod test;
mod up;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, builds, starts, tests and packages Selvedge")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what building needs (and what tests need, unless --build-only); safe to repeat
    Setup {
        /// Leave out what only tests need (browser)
        #[arg(long)]
        build_only: bool,
    },
    /// Build one part or everything
    Build {
        #[arg(value_enum, default_value_t = build::Part::All)]
        part: build::Part,
    },
    /// Set up, build and start the product on http://127.0.0.1:3000
    Up {
        /// Passed on to `selvedge up`, for example --port 4000 --data DIR --admin-key-file FILE
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Set up, build and run the tests
    Test {
        /// quick: format, lints, unit tests; full: everything that CI runs; nightly: full, dependency audit and benchmarks
        #[arg(long, value_enum, default_value_t = test::Tier::Full)]
        tier: test::Tier,
        /// Only the suites whose name contains this
        only: Option<String>,
    },
    /// What CI runs: `test --tier full`
    Ci,
    /// Build and run the benchmarks
    Bench {
        /// One suite; all when left out
        suite: Option<String>,
        /// Append the figures to this file, one JSON object a line
        #[arg(long)]
        json: Option<std::path::PathBuf>,
    },
    /// Fuzz what reads bytes of strangers: wasi, checkpoint, frames, order, wheel (guided by coverage) and python (programs made of pieces); all when left out
    Fuzz {
        /// One target
        target: Option<String>,
        /// How long each
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Build an image whose kernels can import packages
    Environment {
        /// Where it goes
        #[arg(long)]
        out: std::path::PathBuf,
        /// Passed on to `selvedge-image environment`, for example --packages "attrs==25.3.0" --import attrs
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run what Python promises in the guest and write docs/python.md
    PythonSupport {
        /// A Python with its `test` package (Debian: libpython3-testsuite), for CPython's own tests
        #[arg(long)]
        python: Option<std::path::PathBuf>,
        /// Only test modules whose name contains this
        #[arg(long)]
        only: Option<String>,
        /// Every result, as JSON
        #[arg(long)]
        json: Option<std::path::PathBuf>,
    },
    /// Build a self-contained folder `dist/`
    Dist,
}

fn main() -> std::process::ExitCode {
    let result = match Cli::parse().task {
        Task::Setup { build_only } => setup::run(if build_only { setup::Scope::Build } else { setup::Scope::Tests }),
        Task::Build { part } => setup::run(setup::Scope::Build).and_then(|()| build::run(part)),
        Task::Up { arguments } => up::run(&arguments),
        Task::Test { tier, only } => test::run(tier, only.as_deref()),
        Task::Ci => test::run(test::Tier::Full, None),
        Task::Bench { suite, json } => bench::run(suite.as_deref(), json.as_deref()),
        Task::Fuzz { target, seconds } => fuzz::run(target.as_deref(), seconds),
        Task::Environment { out, arguments } => build::environment::build(&arguments, &out),
        Task::PythonSupport { python, only, json } => python_support::run(python.as_deref(), only.as_deref(), json.as_deref()),
        Task::Dist => dist::run(),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
