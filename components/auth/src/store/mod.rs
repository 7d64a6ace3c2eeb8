//! This domain's queries, one function each, and how their rows are read.

pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod members;
pub(crate) mod principals;
pub(crate) mod sign_ins;
pub(crate) mod signing_keys;

use selvedge_ports::shapes::{PrincipalKind, ResultSet, Role};
use selvedge_ports::{Error, Result};

/// The result of a batch's last statement.
pub(crate) fn last(results: &[ResultSet]) -> Result<&ResultSet> {
    results
        .last()
        .ok_or_else(|| Error::internal("auth.no_result", "the store gave no result for a batch"))
}

/// The name of a kind in the table and in tokens.
pub(crate) const fn kind_name(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Person => "person",
        PrincipalKind::Anonymous => "anonymous",
    }
}

/// The kind of a name.
pub(crate) fn kind(name: &str) -> Result<PrincipalKind> {
    match name {
        "person" => Ok(PrincipalKind::Person),
        "anonymous" => Ok(PrincipalKind::Anonymous),
        _ => Err(Error::internal("auth.kind", "a stored principal has an unknown kind")),
    }
}

/// The name of a role in the table.
pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Editor => "editor",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

/// The role of a name.
pub(crate) fn role(name: &str) -> Result<Role> {
    match name {
        "viewer" => Ok(Role::Viewer),
        "editor" => Ok(Role::Editor),
        "admin" => Ok(Role::Admin),
        "owner" => Ok(Role::Owner),
        _ => Err(Error::internal("auth.role", "a stored role is unknown")),
    }
}

#[cfg(test)]
mod tests {
    use selvedge_database::Embedded;
    use selvedge_ports::fake::ManualClock;
    use selvedge_ports::{migrate, query};

    use super::{keys, links, members, principals, sign_ins, signing_keys};
    use crate::{DOMAIN, MIGRATIONS};

    #[tokio::test]
    async fn replaying_the_migrations_gives_the_committed_schema_and_every_query_prepares() {
        let directory = tempfile::tempdir().unwrap();
        let sql = Embedded::open(&directory.path().join("test.db")).unwrap();
        for _ in 0..2 {
            migrate::apply(&sql, &ManualClock::at(1), DOMAIN, MIGRATIONS).await.unwrap();
        }
        let schema = migrate::schema(&sql, DOMAIN).await.unwrap();
        assert_eq!(
            schema,
            include_str!("../../schema.sql"),
            "schema.sql is not what the migrations make; they make:\n{schema}"
        );
        for listed in [
            keys::QUERIES,
            links::QUERIES,
            members::QUERIES,
            principals::QUERIES,
            sign_ins::QUERIES,
            signing_keys::QUERIES,
        ] {
            for named in listed {
                assert_eq!(query::prepares(&sql, named).await, Ok(()), "{}", named.name);
            }
        }
    }
}
