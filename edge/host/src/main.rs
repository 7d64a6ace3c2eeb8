//! `selvedge`: the native host. One program runs the composed edge component, the embedded database, a local node, and their commands.

mod body;
mod cli;
mod component;
mod config;
mod data;
mod doctor;
mod domains;
mod engine_config;
mod expiry;
mod key;
mod link;
mod log;
mod node;
mod node_command;
mod ports;
mod server;
mod settings;
mod site;
mod stopping;
mod stream;
mod up;
mod upload;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

/// clap ends the process with 2 when the command line is wrong; everything else that fails ends it with 1 and one line that says what to do.
fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Up(arguments) => up::run(&arguments),
        Command::Key(command) => key::run(&command),
        Command::Link(arguments) => link::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Node(arguments) => node_command::run(*arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Version => writeln!(std::io::stdout(), "selvedge {}", env!("CARGO_PKG_VERSION")).map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let line = format!("{error:#}").replace('\n', " ");
            // Nobody reads: the exit code says it.
            let _ = writeln!(std::io::stderr(), "selvedge: {line}");
            ExitCode::FAILURE
        }
    }
}
