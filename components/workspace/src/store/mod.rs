//! This domain's queries, one function each, and how their rows are read.

pub(crate) mod cells;
pub(crate) mod events;
pub(crate) mod notebooks;
pub(crate) mod projects;
pub(crate) mod runs;

use selvedge_ports::shapes::ResultSet;
use selvedge_ports::{Error, Result};

/// The result of a batch's last statement.
pub(crate) fn last(results: &[ResultSet]) -> Result<&ResultSet> {
    results
        .last()
        .ok_or_else(|| Error::internal("workspace.no_result", "the store gave no result for a batch"))
}

#[cfg(test)]
mod tests {
    use selvedge_database::Embedded;
    use selvedge_ports::fake::ManualClock;
    use selvedge_ports::{migrate, query};

    use super::{cells, events, notebooks, projects, runs};
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
            cells::QUERIES,
            events::QUERIES,
            notebooks::QUERIES,
            projects::QUERIES,
            runs::QUERIES,
        ] {
            for named in listed {
                assert_eq!(query::prepares(&sql, named).await, Ok(()), "{}", named.name);
            }
        }
    }
}
