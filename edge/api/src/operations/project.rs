//! Projects and what they have to spend.

use std::collections::HashMap;

use selvedge_contract as contract;
use selvedge_ports::id::{self, Kind};
use selvedge_ports::shapes::{Id, MicroCredits, PrincipalKind, Role};
use selvedge_ports::{Error, ErrorKind, Result};

use crate::policy::Operation;
use crate::{Caller, Platform, access, present};

/// Every new project starts with one credit, so that code can be run at once.
pub(super) const WELCOME_GRANT: MicroCredits = 1_000_000;

/// Who is asking.
pub fn me(caller: Caller) -> contract::Me {
    present::me(caller.principal)
}

/// Make a project that the caller owns.
pub async fn create_project(platform: &Platform, caller: &Caller, name: &str) -> Result<contract::Project> {
    // Asked before anything is stored: the auth domain would refuse such a key only when the project is there.
    if caller.principal.only_project.is_some() || caller.principal.at_most != Role::Owner {
        let message = "This key cannot make projects. Use one for all projects with the role owner.";
        return Err(Error::new(ErrorKind::Forbidden, "auth.key_too_narrow", message));
    }
    let id = found(platform, caller, name).await?;
    let project = platform.workspace.get_project(&id).await?;
    Ok(present::project(project, Role::Owner))
}

/// Store a project, its owner and its account; returns its id.
pub(super) async fn found(platform: &Platform, caller: &Caller, name: &str) -> Result<Id> {
    let id = id::new(Kind::Project, &*platform.clock, &*platform.entropy);
    platform.workspace.create_project(&id, name, &caller.principal.id).await?;
    platform.billing.open_account(&id, WELCOME_GRANT).await?;
    // Last: before this the project belongs to nobody, so a failure on the way leaves nothing that anybody sees.
    platform.auth.found_project(&caller.principal, &id).await?;
    Ok(id)
}

/// The caller's projects, newest first.
pub async fn list_projects(platform: &Platform, caller: &Caller) -> Result<Vec<contract::Project>> {
    let roles: HashMap<Id, Role> = platform
        .auth
        .memberships(&caller.principal)
        .await?
        .into_iter()
        .map(|membership| (membership.project, membership.role))
        .collect();
    let ids: Vec<Id> = roles.keys().cloned().collect();
    let projects = platform.workspace.list_projects(&ids).await?;
    Ok(projects
        .into_iter()
        .filter_map(|project| roles.get(&project.id).map(|role| present::project(project, *role)))
        .collect())
}

/// One project.
pub async fn project_view(platform: &Platform, caller: &Caller, project: &str) -> Result<contract::Project> {
    let role = access::project(platform, caller, Operation::ReadProject, project).await?;
    Ok(present::project(platform.workspace.get_project(project).await?, role))
}

/// Change a project's settings; what is left out stays.
pub async fn set_settings(
    platform: &Platform,
    caller: &Caller,
    project: &str,
    settings: contract::ProjectSettings,
) -> Result<contract::Project> {
    let role = access::project(platform, caller, Operation::SetSettings, project).await?;
    let stored = match settings.private {
        None => platform.workspace.get_project(project).await?,
        Some(true) if caller.principal.kind == PrincipalKind::Anonymous => {
            let message = "A private project needs an account: it keeps processes of its own. Sign up, then ask for it.";
            return Err(Error::new(ErrorKind::Forbidden, "project.private_needs_account", message));
        }
        Some(private) => platform.workspace.set_private(project, private).await?,
    };
    Ok(present::project(stored, role))
}

/// A project's credits.
pub async fn account(platform: &Platform, caller: &Caller, project: &str) -> Result<contract::Account> {
    access::project(platform, caller, Operation::ReadAccount, project).await?;
    Ok(present::account(platform.billing.get_account(project).await?))
}
