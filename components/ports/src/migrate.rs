//! Forward-only migrations, one domain at a time.

use crate::shapes::{SqlError, Statement, Value};
use crate::split::split;
use crate::{Clock, Error, Result, Sql};

/// One step: its number, counted from 1 without gaps, and its statements.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1.
    pub number: u32,
    /// The file's text: statements that each end with `;`.
    pub sql: &'static str,
}

/// Apply what this domain's database has not seen yet, each step in one transaction together with its own record.
/// Two callers at once are safe: the loser's step fails on the record's primary key and is looked at again.
pub async fn apply(sql: &dyn Sql, clock: &dyn Clock, domain: &str, steps: &[Migration]) -> Result<()> {
    let done = match newest(sql, domain).await {
        Ok(done) => done,
        Err(SqlError::Invalid(_)) => {
            sql.query(Statement::new(
                "CREATE TABLE IF NOT EXISTS migrations (domain TEXT NOT NULL, number INTEGER NOT NULL, applied_at INTEGER NOT NULL, PRIMARY KEY (domain, number)) STRICT",
                [],
            ))
            .await?;
            newest(sql, domain).await?
        }
        Err(error) => return Err(error.into()),
    };
    for step in steps.iter().filter(|step| u64::from(step.number) > done) {
        let mut batch: Vec<Statement> = split(step.sql).map(|text| Statement::new(text, [])).collect();
        batch.push(Statement::new(
            "INSERT INTO migrations (domain, number, applied_at) VALUES (?1, ?2, ?3)",
            [Value::from(domain), Value::from(u64::from(step.number)), Value::from(clock.now())],
        ));
        if let Err(error) = sql.batch(batch).await
            && newest(sql, domain).await? < u64::from(step.number)
        {
            return Err(Error::internal(
                "store.migration",
                format!("migration {domain}/{:04} failed: {error:?}", step.number),
            ));
        }
    }
    Ok(())
}

/// What the domain's tables, indexes, triggers and views look like now: their SQL, sorted by name. Names start with `<domain>_`.
/// A test compares it with the committed `schema.sql`.
pub async fn schema(sql: &dyn Sql, domain: &str) -> Result<String> {
    let found = sql
        .query(Statement::new(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND substr(name, 1, length(?1) + 1) = ?1 || '_' ORDER BY name",
            [Value::from(domain)],
        ))
        .await?;
    let mut text = String::new();
    for row in found.rows() {
        text.push_str(&row.text(0)?);
        text.push_str(";\n\n");
    }
    Ok(text)
}

async fn newest(sql: &dyn Sql, domain: &str) -> Result<u64, SqlError> {
    let found = sql
        .query(Statement::new(
            "SELECT coalesce(max(number), 0) AS newest FROM migrations WHERE domain = ?1",
            [Value::from(domain)],
        ))
        .await?;
    Ok(found.first().and_then(|row| row.uint(0).ok()).unwrap_or(0))
}
