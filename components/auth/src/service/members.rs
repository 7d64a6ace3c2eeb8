//! Standing in projects.

use selvedge_ports::shapes::{Action, Membership, Principal, Role};
use selvedge_ports::{Error, ErrorKind, Result};

use crate::Auth;
use crate::policy::{self, rank, weaker};
use crate::store::members;

pub(super) async fn authorize(at: &Auth, principal: &Principal, action: Action, project: &str) -> Result<Role> {
    let role = standing(at, principal, project).await?.ok_or_else(not_found)?;
    if rank(role) < rank(policy::least_role(action)) {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "auth.role_too_weak",
            "Your role in this project, or this key's, does not allow that.",
        ));
    }
    Ok(role)
}

/// The role that this credential has in the project.
pub(super) async fn standing(at: &Auth, principal: &Principal, project: &str) -> Result<Option<Role>> {
    if principal.only_project.as_deref().is_some_and(|only| only != project) {
        return Ok(None);
    }
    let found = members::all(&at.sql.query(members::find(project, principal.id.as_str())).await?)?;
    Ok(found.first().map(|membership| weaker(membership.role, principal.at_most)))
}

/// Hidden and missing are never told apart.
pub(super) fn not_found() -> Error {
    Error::not_found("project.not_found", "There is no such project.")
}

pub(super) async fn found(at: &Auth, principal: &Principal, project: &str) -> Result<()> {
    if principal.only_project.is_some() {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "auth.key_too_narrow",
            "This key opens one project and cannot make others. Use a key for all projects.",
        ));
    }
    match at
        .sql
        .query(members::found(project, principal.id.as_str(), at.clock.now()))
        .await?
        .rows_affected
    {
        0 => Err(Error::new(
            ErrorKind::Conflict,
            "project.founded",
            "This project has members already. Nothing was changed.",
        )),
        _ => Ok(()),
    }
}

pub(super) async fn list(at: &Auth, principal: &Principal) -> Result<Vec<Membership>> {
    let all = members::all(&at.sql.query(members::list(principal.id.as_str())).await?)?;
    let seen = |membership: &Membership| principal.only_project.as_ref().is_none_or(|only| *only == membership.project);
    Ok(all
        .into_iter()
        .filter(seen)
        .map(|membership| Membership {
            role: weaker(membership.role, principal.at_most),
            ..membership
        })
        .collect())
}
