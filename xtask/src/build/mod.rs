//! `cargo xtask build`: every artifact, each by one function, in `target/selvedge`.

mod components;
pub(crate) mod environment;
mod guest;
mod image;
mod javascript;
mod native;
mod patched;
mod site;
mod worker;

use anyhow::Result;
use clap::ValueEnum;

/// What can be built.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Everything below
    All,
    /// Guest interpreters, initialised and compiled ahead of time
    Guests,
    /// Style sheet, editor bundle and the hydrating app
    Site,
    /// The composed WASI component
    Components,
    /// The native binaries, with everything that they serve
    Native,
    /// The Spin application
    Spin,
    /// The Cloudflare Worker
    Worker,
}

/// Build this part and what it needs.
pub(crate) fn run(part: Part) -> Result<()> {
    match part {
        Part::All => {
            run(Part::Native)?;
            components::spin()?;
            worker::worker()
        }
        Part::Guests => {
            guest::python()?;
            javascript::javascript()
        }
        Part::Site => site::site(),
        Part::Components => components::platform(),
        Part::Native => {
            run(Part::Guests)?;
            site::site()?;
            components::platform()?;
            native::binaries()
        }
        Part::Spin => {
            site::site()?;
            components::spin()
        }
        Part::Worker => {
            site::site()?;
            worker::worker()
        }
    }
}
