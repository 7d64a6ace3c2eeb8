//! Components, bundles and ahead-of-time code from compiled WebAssembly. Called by `cargo xtask`; separate because these crates are heavy.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

mod aot;
mod bindgen;
mod compose;
mod imports;

/// The native host's engine settings. Included as a file: the code made here runs only in an engine with the same settings, and depending
/// on the host crate would compile the whole host for it.
#[path = "../../../edge/host/src/engine_config.rs"]
mod engine_config;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "selvedge-packager")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Plug components into the first one
    Compose {
        #[arg(long)]
        out: PathBuf,
        socket: PathBuf,
        plugs: Vec<PathBuf>,
    },
    /// Compile a component ahead of time for the native host
    Aot {
        #[arg(long)]
        out: PathBuf,
        component: PathBuf,
    },
    /// JavaScript glue for a core module
    Bindgen {
        #[arg(long, value_enum)]
        mode: bindgen::Mode,
        #[arg(long)]
        name: String,
        #[arg(long)]
        out: PathBuf,
        module: PathBuf,
    },
    /// Fail when a component imports what Spin 4.0 does not offer
    CheckSpin { component: PathBuf },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Compose { out, socket, plugs } => compose::compose(&out, &socket, &plugs),
        Task::Aot { out, component } => aot::compile(&out, &component),
        Task::Bindgen { mode, name, out, module } => bindgen::generate(mode, &name, &out, &module),
        Task::CheckSpin { component } => imports::check_spin(&component),
    }
}
