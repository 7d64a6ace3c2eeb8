//! `selvedge link`: a one-time sign-in link for the administrator.

use std::io::Write as _;

use anyhow::{Context, Result};

use crate::cli::Link;
use crate::config;
use crate::data::Data;
use crate::domains::{self, Domains, failed};

/// Make a link and print it.
pub(crate) fn run(arguments: &Link) -> Result<()> {
    let data = Data::open_existing(&config::data_dir(&arguments.places)?)?;
    let origin = arguments
        .public_url
        .clone()
        .or_else(|| data.origin())
        .context("the edge has never run on this data: give its address with --public-url URL")?;
    let link = domains::at_rest(&data, async |domains| make(domains, &origin).await)?;
    Ok(writeln!(std::io::stdout(), "{link}")?)
}

/// The link's page asks before it spends the code, so a mail scanner that follows links does not.
pub(crate) async fn make(domains: &Domains, origin: &str) -> Result<String> {
    let code = domains.auth.create_admin_link().await.map_err(failed)?;
    Ok(format!("{origin}/sign-in/link/{code}"))
}
