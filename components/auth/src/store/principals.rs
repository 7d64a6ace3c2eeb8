//! Principals.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Principal, ResultSet, Role};

use super::kind;

selvedge_ports::queries! {
    /// A principal.
    insert(id, kind, name, now) = "INSERT INTO auth_principals (id, kind, name, created_at) VALUES (?1, ?2, ?3, ?4)";

    /// The first administrator, unless there is one.
    insert_administrator(id, name, now) =
        "INSERT INTO auth_principals (id, kind, name, administrator, created_at) VALUES (?1, 'person', ?2, 1, ?3) \
         ON CONFLICT (administrator) WHERE administrator = 1 DO NOTHING";

    /// The first administrator.
    administrator() = "SELECT id, kind, name FROM auth_principals WHERE administrator = 1";
}

/// The principal of a result whose first columns are id, kind and name, with every right that it has.
pub(crate) fn whole(found: &ResultSet) -> Result<Option<Principal>> {
    found
        .first()
        .map(|row| {
            Ok(Principal {
                id: row.text(0)?,
                kind: kind(&row.text(1)?)?,
                name: row.text(2)?,
                only_project: None,
                at_most: Role::Owner,
            })
        })
        .transpose()
}
