//! Projects.

use selvedge_ports::shapes::Project;
use selvedge_ports::{Error, ErrorKind, Id, Result};

use crate::store::{last, projects};
use crate::{Workspace, check};

pub(super) async fn create(at: &Workspace, id: &str, name: &str, created_by: &str) -> Result<Project> {
    check::name(name)?;
    let now = at.clock.now();
    let mut seal = [0; 32];
    at.entropy.fill(&mut seal);
    let done = at
        .sql
        .batch(vec![
            projects::insert(id, name, created_by, now),
            projects::insert_seal(id, &seal[..]),
        ])
        .await?;
    if done.first().is_none_or(|inserted| inserted.rows_affected == 0) {
        return Err(Error::new(
            ErrorKind::Conflict,
            "project.exists",
            "There is a project with this id. Nothing was changed.",
        ));
    }
    Ok(Project {
        id: id.to_owned(),
        name: name.to_owned(),
        created_by: created_by.to_owned(),
        created_at: now,
        private: false,
    })
}

pub(super) async fn set_private(at: &Workspace, id: &str, private: bool) -> Result<Project> {
    let done = at.sql.batch(vec![projects::set_private(id, private), projects::find(id)]).await?;
    projects::all(last(&done)?)?.pop().ok_or_else(not_found)
}

pub(super) async fn get(at: &Workspace, id: &str) -> Result<Project> {
    projects::all(&at.sql.query(projects::find(id)).await?)?.pop().ok_or_else(not_found)
}

pub(super) async fn list(at: &Workspace, ids: &[Id]) -> Result<Vec<Project>> {
    projects::all(&at.sql.query(projects::list(serde_json::Value::from(ids).to_string())).await?)
}

/// No such project.
pub(super) fn not_found() -> Error {
    Error::not_found("project.not_found", "There is no such project.")
}
