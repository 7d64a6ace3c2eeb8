//! Promises of the embedded database.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests fail by panicking"
)]

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use selvedge_database::{Embedded, OpenError};
use selvedge_ports::Sql;
use selvedge_ports::shapes::{SqlError, Statement, Value};

fn one(sql: &str) -> Statement {
    Statement::new(sql, [])
}

fn insert(x: i64) -> Statement {
    Statement::new("INSERT INTO t (x) VALUES (?1)", [Value::from(x)])
}

async fn with_table(directory: &tempfile::TempDir) -> Embedded {
    let database = Embedded::open(&directory.path().join("a.db")).unwrap();
    database
        .query(one("CREATE TABLE t (x INTEGER PRIMARY KEY CHECK (x <> 13))"))
        .await
        .unwrap();
    database
}

async fn count(database: &dyn Sql) -> i64 {
    database
        .query(one("SELECT count(*) FROM t"))
        .await
        .unwrap()
        .first()
        .unwrap()
        .int(0)
        .unwrap()
}

#[tokio::test]
async fn values_of_every_type_come_back_as_they_went_in() {
    let directory = tempfile::tempdir().unwrap();
    let database = Embedded::open(&directory.path().join("a.db")).unwrap();
    database.query(one("CREATE TABLE v (a, b, c, d, e)")).await.unwrap();
    let values = vec![
        Value::Null,
        Value::Integer(i64::MIN),
        Value::Real(0.1),
        Value::Text("grüße 漢".to_owned()),
        Value::Blob(vec![0, 255]),
    ];
    let written = database
        .query(Statement::new(
            "INSERT INTO v VALUES (?1, ?2, ?3, ?4, ?5) RETURNING a, b, c, d, e AS last",
            values.clone(),
        ))
        .await
        .unwrap();
    assert_eq!((written.rows_affected, written.rows.first()), (1, Some(&values)));
    let read = database.query(one("SELECT a, b, c, d, e AS last FROM v")).await.unwrap();
    assert_eq!((read.rows_affected, read.rows.first()), (0, Some(&values)));
    assert_eq!(read.columns, ["a", "b", "c", "d", "last"]);
}

#[tokio::test]
async fn text_that_could_not_be_read_back_whole_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let database = Embedded::open(&directory.path().join("a.db")).unwrap();
    let refused = database.query(Statement::new("SELECT ?1", [Value::from("a\0b")])).await;
    assert!(matches!(refused, Err(SqlError::Invalid(_))), "{refused:?}");
}

#[tokio::test]
async fn a_batch_is_all_or_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    let refused = database.batch(vec![insert(1), insert(13)]).await;
    assert!(matches!(refused, Err(SqlError::Constraint(_))), "{refused:?}");
    assert_eq!(count(&database).await, 0);
    let done = database
        .batch(vec![insert(1), insert(2), one("SELECT count(*) FROM t")])
        .await
        .unwrap();
    assert_eq!(done.iter().map(|result| result.rows_affected).collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(done[2].first().unwrap().int(0).unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_commit_together_do_not_share_their_failures() {
    let directory = tempfile::tempdir().unwrap();
    let database = Arc::new(with_table(&directory).await);
    let tasks: Vec<_> = (0..500)
        .map(|x| {
            let database = Arc::clone(&database);
            // Every third batch breaks a constraint after its first statement has worked.
            let second = if x % 3 == 0 { insert(13) } else { insert(100_000 + x) };
            tokio::spawn(async move { database.batch(vec![insert(10_000 + x), second]).await.is_ok() })
        })
        .collect();
    let mut done = 0;
    for (x, task) in tasks.into_iter().enumerate() {
        let ok = task.await.unwrap();
        assert_eq!(ok, x % 3 != 0);
        done += i64::from(ok);
    }
    assert_eq!(count(&*database).await, 2 * done);
}

#[tokio::test]
async fn a_transaction_that_sqlite_ends_by_itself_leaves_the_writer_usable() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    let refused = database.batch(vec![insert(1), one("INSERT OR ROLLBACK INTO t VALUES (1)")]).await;
    assert!(matches!(refused, Err(SqlError::Constraint(_))), "{refused:?}");
    database.query(insert(2)).await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_write_that_begins_like_a_read_is_done_once() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    database
        .query(one("WITH n (x) AS (SELECT 7) INSERT INTO t SELECT x FROM n"))
        .await
        .unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn several_reads_see_one_moment() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    database.batch(vec![insert(1), insert(2)]).await.unwrap();
    let both = database
        .batch(vec![one("SELECT count(*) FROM t"), one("SELECT max(x) FROM t")])
        .await
        .unwrap();
    assert_eq!(
        (both[0].first().unwrap().int(0).unwrap(), both[1].first().unwrap().int(0).unwrap()),
        (2, 2)
    );
}

#[tokio::test]
async fn a_wrong_number_of_arguments_is_refused_and_not_filled_up_with_old_ones() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    database.query(insert(5)).await.unwrap();
    let refused = database.query(one("INSERT INTO t (x) VALUES (?1)")).await;
    assert!(matches!(refused, Err(SqlError::Invalid(_))), "{refused:?}");
    assert!(matches!(database.query(one("SELEC 1")).await, Err(SqlError::Invalid(_))));
    assert!(matches!(
        database.query(one("SELECT * FROM missing")).await,
        Err(SqlError::Invalid(_))
    ));
}

#[tokio::test]
async fn commits_wake_who_waits_and_reads_do_not() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    let mut commits = database.commits();
    let _ = commits.borrow_and_update();
    count(&database).await;
    let _ = database.query(insert(13)).await;
    assert!(!commits.has_changed().unwrap());
    database.query(insert(1)).await.unwrap();
    assert!(commits.has_changed().unwrap());
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart_and_only_the_owner_may_read_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    database.query(insert(1)).await.unwrap();
    drop(database);
    let path = directory.path().join("a.db");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(count(&Embedded::open(&path).unwrap()).await, 1);
}

#[tokio::test]
async fn a_full_disk_refuses_the_write_and_takes_the_next_once_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let database = with_table(&directory).await;
    database.query(one("CREATE TABLE big (b BLOB)")).await.unwrap();
    let big = || Statement::new("INSERT INTO big VALUES (zeroblob(?1))", [Value::from(1_i64 << 20)]);
    database.query(one("PRAGMA max_page_count = 64")).await.unwrap();
    let refused = database.query(big()).await;
    assert!(
        matches!(&refused, Err(SqlError::ReadOnly(why)) if why.contains("full")),
        "{refused:?}"
    );
    assert_eq!(database.stopped(), None);
    database.query(one("PRAGMA max_page_count = 100000")).await.unwrap();
    database.query(big()).await.unwrap();
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let text = "this is a text file, and longer than one SQLite header so that it is looked at; ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let error = Embedded::open(&path).err().unwrap();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(
        error.to_string().contains("a.db") && error.to_string().contains("backup"),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_first_page_is_found_when_opening() {
    let directory = tempfile::tempdir().unwrap();
    drop(with_table(&directory).await);
    let path = directory.path().join("a.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The header stays; the b-tree of the schema behind it does not.
    bytes[100..400].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    let error = Embedded::open(&path).err().unwrap();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [
        file.join("a.db"),
        directory.path().join("missing/a.db"),
        directory.path().to_owned(),
    ] {
        let error = Embedded::open(&path).err().unwrap();
        assert!(matches!(error, OpenError::Unwritable { .. }), "{error:?}");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}
