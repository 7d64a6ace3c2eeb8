//! API keys.

use selvedge_ports::id::Kind;
use selvedge_ports::shapes::{Action, ApiKey, CreatedKey, Principal, PrincipalKind, Role};
use selvedge_ports::{Error, ErrorKind, Id, Result, TimestampMs};

use super::members::{authorize, standing};
use crate::policy::{self, KEY_NAME_CHARS_MAX, rank};
use crate::store::{keys, role_name};
use crate::{Auth, secret};

pub(super) async fn create(
    at: &Auth,
    principal: &Principal,
    project: Option<&str>,
    name: &str,
    role: Role,
    expires_at: Option<TimestampMs>,
) -> Result<CreatedKey> {
    let most = match project {
        Some(project) => authorize(at, principal, Action::Manage, project).await?,
        None => for_all_projects(principal)?,
    };
    if rank(role) > rank(most) {
        return Err(forbidden(
            "auth.key_role_too_strong",
            "A key cannot allow more than you may do yourself.",
        ));
    }
    let now = at.clock.now();
    if name.trim().is_empty() || name.chars().count() > KEY_NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            "auth.key_name",
            format!("A key's name has 1 to {KEY_NAME_CHARS_MAX} characters and no line breaks."),
        ));
    }
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid(
            "expires_at",
            "auth.key_expiry",
            "A key has to expire in the future.",
        ));
    }
    let secret = format!("{}{}", secret::KEY_PREFIX, secret::random_text(&*at.entropy));
    let key = ApiKey {
        id: at.new_id(Kind::Key),
        project: project.map(str::to_owned),
        name: name.to_owned(),
        role,
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    let hash = secret::hash(&secret);
    at.sql
        .query(keys::insert(
            key.id.as_str(),
            &hash[..],
            principal.id.as_str(),
            project,
            name,
            role_name(role),
            now,
            expires_at,
        ))
        .await?;
    Ok(CreatedKey { key, secret })
}

/// What somebody may give a key for all of their projects.
fn for_all_projects(principal: &Principal) -> Result<Role> {
    if principal.kind != PrincipalKind::Person || principal.only_project.is_some() {
        return Err(forbidden(
            "auth.key_too_narrow",
            "A key for all projects is made by a person who is signed in, or by another such key.",
        ));
    }
    Ok(principal.at_most)
}

pub(super) async fn list(at: &Auth, principal: &Principal, project: Option<&str>) -> Result<Vec<ApiKey>> {
    let query = match project {
        Some(project) => {
            authorize(at, principal, Action::Manage, project).await?;
            keys::of_project(project)
        }
        None => {
            for_all_projects(principal)?;
            keys::of_maker(principal.id.as_str())
        }
    };
    Ok(keys::all(&at.sql.query(query).await?)?.into_iter().map(|(key, _)| key).collect())
}

pub(super) async fn revoke(at: &Auth, principal: &Principal, key: &str) -> Result<()> {
    let (key, maker) = keys::all(&at.sql.query(keys::find(key)).await?)?.pop().ok_or_else(not_found)?;
    may_revoke(at, principal, &key, &maker).await?;
    at.sql.query(keys::revoke(key.id, at.clock.now())).await?;
    Ok(())
}

async fn may_revoke(at: &Auth, principal: &Principal, key: &ApiKey, maker: &Id) -> Result<()> {
    let role = match &key.project {
        Some(project) => standing(at, principal, project).await?,
        None => None,
    };
    let made_it = principal.id == *maker && (principal.only_project.is_none() || principal.only_project == key.project);
    // A maker who has left the project still takes back what they gave out.
    let role = if made_it { Some(principal.at_most) } else { role };
    match role {
        None => Err(not_found()),
        Some(role) if rank(role) < rank(policy::least_role(Action::Manage)) => Err(forbidden(
            "auth.role_too_weak",
            "Your role in this project, or this key's, does not allow that.",
        )),
        Some(_) => Ok(()),
    }
}

fn forbidden(code: &str, message: &str) -> Error {
    Error::new(ErrorKind::Forbidden, code, message)
}

fn not_found() -> Error {
    Error::not_found("key.not_found", "There is no such key.")
}
