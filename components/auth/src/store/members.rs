//! Who belongs to which project.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Membership, ResultSet};

use super::role;

selvedge_ports::queries! {
    /// The owner of a project without members.
    found(project, principal, now) =
        "INSERT INTO auth_memberships (project, principal, role, created_at) \
         SELECT ?1, ?2, 'owner', ?3 WHERE NOT EXISTS (SELECT 1 FROM auth_memberships WHERE project = ?1)";

    /// The standing of one in one project.
    find(project, principal) = "SELECT project, role FROM auth_memberships WHERE project = ?1 AND principal = ?2";

    /// Everything that one belongs to, newest first.
    list(principal) = "SELECT project, role FROM auth_memberships WHERE principal = ?1 ORDER BY created_at DESC, project DESC";
}

/// The memberships of a result.
pub(crate) fn all(found: &ResultSet) -> Result<Vec<Membership>> {
    found
        .rows()
        .map(|row| {
            Ok(Membership {
                project: row.text(0)?,
                role: role(&row.text(1)?)?,
            })
        })
        .collect()
}
