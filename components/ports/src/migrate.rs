//! Forward-only migrations, one domain at a time.

use crate::shapes::{SqlError, Statement, Value};
use crate::{Clock, Error, Result, Sql};

/// One step: its number, counted from 1 without gaps, and its statements.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1.
    pub number: u32,
    /// The file's text: statements that each end with `;` at the end of a line (a trigger's inner statements are indented).
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
            return Err(Error::internal("store.migration", format!("migration {domain}/{:04} failed: {error:?}", step.number)));
        }
    }
    Ok(())
}

async fn newest(sql: &dyn Sql, domain: &str) -> Result<u64, SqlError> {
    let found = sql
        .query(Statement::new("SELECT coalesce(max(number), 0) AS newest FROM migrations WHERE domain = ?1", [Value::from(domain)]))
        .await?;
    Ok(found.first().and_then(|row| row.uint(0).ok()).unwrap_or(0))
}

/// Statements end with `;` at the end of a line that starts at the margin or follows one that does.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let from = rest.find(|c: char| !c.is_whitespace())?;
            rest = rest.get(from..)?;
            if rest.starts_with("--") {
                rest = rest.split_once('\n').map_or("", |(_, after)| after);
                continue;
            }
            // A trigger's body ends with `END;`; everything else with its first `;` at the end of a line.
            let ends = if rest.get(..14).is_some_and(|head| head.eq_ignore_ascii_case("CREATE TRIGGER")) { "END;\n" } else { ";\n" };
            let (statement, after) = match rest.find(ends) {
                Some(at) => rest.split_at(at + ends.len()),
                None => (rest, ""),
            };
            rest = after;
            return Some(statement.trim());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_trigger_stays_whole() {
        let text = "-- why\nCREATE TABLE a (x);\nCREATE TRIGGER t BEFORE UPDATE ON a BEGIN\n  SELECT 1;\nEND;\nCREATE INDEX i ON a (x);\n";
        let parts: Vec<_> = split(text).collect();
        assert_eq!(parts.len(), 3);
        assert!(parts[1].ends_with("END;"));
    }
}
