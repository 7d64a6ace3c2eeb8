//! Promises of the Hrana client, kept against a real sqld.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests fail by panicking"
)]

mod support;

use std::sync::Arc;

use selvedge_database::Hrana;
use selvedge_harness::Sqld;
use selvedge_ports::Sql;
use selvedge_ports::shapes::{SqlError, Statement, Value};
use support::Ureq;

fn one(sql: &str) -> Statement {
    Statement::new(sql, [])
}

/// A client of a fresh server, which lives as long as the guard. None, with the reason printed, where sqld is not installed.
fn start(name: &str) -> Option<(Sqld, Hrana)> {
    match Sqld::start(name) {
        Ok(server) => {
            let client = Hrana::new(Arc::new(Ureq::default()), server.url(), None);
            Some((server, client))
        }
        Err(reason) => {
            println!("skipped: {reason:#}");
            None
        }
    }
}

#[tokio::test]
async fn values_of_every_type_come_back_as_they_went_in() {
    let Some((_server, database)) = start("hrana-values") else { return };
    database.query(one("CREATE TABLE v (a, b, c, d, e)")).await.unwrap();
    let values = vec![
        Value::Null,
        Value::Integer(9_007_199_254_740_993),
        Value::Real(0.1),
        Value::Text("grüße \"漢\" \\ \n".to_owned()),
        Value::Blob(vec![0, 255, 62, 63]),
    ];
    let written = database
        .query(Statement::new(
            "INSERT INTO v VALUES (?1, ?2, ?3, ?4, ?5) RETURNING a, b, c, d, e AS last",
            values.clone(),
        ))
        .await
        .unwrap();
    assert_eq!(written.rows.first(), Some(&values));
    let read = database.query(one("SELECT a, b, c, d, e AS last FROM v")).await.unwrap();
    assert_eq!((read.rows_affected, read.rows.first()), (0, Some(&values)));
    assert_eq!(read.columns, ["a", "b", "c", "d", "last"]);
}

#[tokio::test]
async fn a_batch_is_all_or_nothing() {
    let Some((_server, database)) = start("hrana-batch") else { return };
    database
        .query(one("CREATE TABLE t (x INTEGER PRIMARY KEY CHECK (x <> 13)) STRICT"))
        .await
        .unwrap();
    let refused = database
        .batch(vec![one("INSERT INTO t VALUES (1)"), one("INSERT INTO t VALUES (13)")])
        .await;
    assert!(
        matches!(&refused, Err(SqlError::Constraint(text)) if text.contains("CHECK")),
        "{refused:?}"
    );
    let done = database
        .batch(vec![
            one("INSERT INTO t VALUES (1)"),
            one("INSERT INTO t VALUES (2)"),
            one("SELECT count(*) FROM t"),
        ])
        .await
        .unwrap();
    assert_eq!(done[2].first().unwrap().int(0).unwrap(), 2);
    assert_eq!((done[0].rows_affected, done[1].rows_affected), (1, 1));
    assert!(database.batch(Vec::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_trigger_that_refuses_says_why() {
    let Some((_server, database)) = start("hrana-trigger") else {
        return;
    };
    database.query(one("CREATE TABLE t (x)")).await.unwrap();
    database
        .batch(vec![
            one("CREATE TRIGGER keep BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'rows stay'); END;"),
            one("INSERT INTO t VALUES (1)"),
        ])
        .await
        .unwrap();
    let refused = database.query(one("DELETE FROM t")).await;
    assert!(
        matches!(&refused, Err(SqlError::Constraint(text)) if text.contains("rows stay")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_wrong_statement_is_the_callers_fault() {
    let Some((_server, database)) = start("hrana-wrong") else { return };
    for wrong in ["SELEC 1", "SELECT * FROM missing", "SELECT 1; SELECT 2"] {
        let refused = database.query(one(wrong)).await;
        assert!(matches!(refused, Err(SqlError::Invalid(_))), "{wrong}: {refused:?}");
        let refused = database.batch(vec![one(wrong)]).await;
        assert!(matches!(refused, Err(SqlError::Invalid(_))), "{wrong} in a batch: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_lose_nothing() {
    let Some((_server, database)) = start("hrana-race") else { return };
    let database = Arc::new(database);
    database
        .batch(vec![one("CREATE TABLE n (x INTEGER)"), one("INSERT INTO n VALUES (0)")])
        .await
        .unwrap();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let database = Arc::clone(&database);
            tokio::spawn(async move {
                let mut done = 0;
                for _ in 0..5 {
                    match database.batch(vec![one("SELECT x FROM n"), one("UPDATE n SET x = x + 1")]).await {
                        Ok(_) => done += 1,
                        Err(error) => assert!(matches!(error, SqlError::Busy), "{error:?}"),
                    }
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    assert!(done > 0);
    let stored = database.query(one("SELECT x FROM n")).await.unwrap();
    assert_eq!(stored.first().unwrap().int(0).unwrap(), done);
}

#[tokio::test]
async fn a_server_that_is_not_there_or_not_a_database_is_unavailable() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    drop(silent);
    let database = Hrana::new(Arc::new(Ureq::default()), &format!("http://{address}/"), Some("token"));
    let refused = database.query(one("SELECT 1")).await;
    assert!(matches!(refused, Err(SqlError::Unavailable(_))), "{refused:?}");
}
