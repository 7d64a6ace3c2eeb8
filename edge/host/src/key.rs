//! `selvedge key create`.

use std::io::Write as _;

use anyhow::Result;
use selvedge_ports::shapes::Role;

use crate::cli::{Key, KeyCreate, RoleName};
use crate::config;
use crate::data::Data;
use crate::domains::{self, failed};

/// Make the key and print its secret.
pub(crate) fn run(command: &Key) -> Result<()> {
    let Key::Create(arguments) = command;
    let data = Data::open_existing(&config::data_dir(&arguments.places)?)?;
    let secret = domains::at_rest(&data, async |domains| create(domains, arguments).await)?;
    Ok(writeln!(std::io::stdout(), "{secret}")?)
}

async fn create(domains: &domains::Domains, arguments: &KeyCreate) -> Result<String> {
    let administrator = domains.auth.administrator().await.map_err(failed)?;
    let project = arguments.project.as_deref();
    let made = domains
        .auth
        .create_key(&administrator, project, &arguments.name, arguments.role.into(), None)
        .await;
    Ok(made.map_err(failed)?.secret)
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Editor => Self::Editor,
            RoleName::Admin => Self::Admin,
            RoleName::Owner => Self::Owner,
        }
    }
}
