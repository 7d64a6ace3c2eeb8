//! This domain's queries, one function each.

pub(crate) mod accounts;
pub(crate) mod holds;

#[cfg(test)]
mod tests {
    use selvedge_database::Embedded;
    use selvedge_ports::fake::ManualClock;
    use selvedge_ports::{migrate, query};

    use super::{accounts, holds};
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
        for listed in [accounts::QUERIES, holds::QUERIES] {
            for named in listed {
                assert_eq!(query::prepares(&sql, named).await, Ok(()), "{}", named.name);
            }
        }
    }
}
