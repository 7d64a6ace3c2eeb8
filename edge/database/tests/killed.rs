//! A write that was answered survives the process being killed at any moment.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use selvedge_database::Embedded;
use selvedge_ports::Sql;
use selvedge_ports::shapes::{Statement, Value};

/// Tells the second half of this file which database to write to.
const PATH: &str = "SELVEDGE_TEST_DATABASE";

/// Starts a writer, lets it answer this many writes, kills it, and returns the last number that it had answered.
fn write_and_die(path: &Path, answers: usize) -> i64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_writer_that_is_killed", "--ignored", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut answered = lines
        .map_while(Result::ok)
        .filter_map(|line| line.rsplit_once("answered ")?.1.parse().ok());
    let last = answered.nth(answers).unwrap();
    writer.kill().unwrap();
    writer.wait().unwrap();
    // What it had answered until the kill arrived counts as well.
    answered.last().unwrap_or(last)
}

#[tokio::test]
async fn what_was_answered_survives_a_kill_at_any_moment() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let table = "CREATE TABLE t (x INTEGER PRIMARY KEY, pair INTEGER, CHECK (x > 0))";
    Embedded::open(&path).unwrap().query(Statement::new(table, [])).await.unwrap();
    for life in 0..15 {
        let answered = write_and_die(&path, life * 7 % 40);
        let database = Embedded::open(&path).unwrap();
        let found = database
            .query(Statement::new("SELECT count(*), max(x), sum(pair) FROM t", []))
            .await
            .unwrap();
        let row = found.first().unwrap();
        let (count, newest) = (row.int(0).unwrap(), row.int(1).unwrap());
        assert!(newest >= answered, "life {life}: {answered} was answered, {newest} is stored");
        assert_eq!(count, newest, "life {life}: no gap");
        assert_eq!(row.int(2).unwrap(), 0, "life {life}: both halves of every batch");
        let check = database
            .query(Statement::new("SELECT * FROM pragma_integrity_check", []))
            .await
            .unwrap();
        assert_eq!(check.first().unwrap().text(0).unwrap(), "ok");
    }
}

#[tokio::test]
#[ignore = "started by the test above, which kills it"]
async fn the_writer_that_is_killed() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let database = Embedded::open(Path::new(&path)).unwrap();
    let newest = database
        .query(Statement::new("SELECT coalesce(max(x), 0) FROM t", []))
        .await
        .unwrap();
    let mut x = newest.first().unwrap().int(0).unwrap();
    loop {
        // Two rows that belong together: x and x + 1, whose pair values sum to zero.
        let row = |x: i64, pair: i64| Statement::new("INSERT INTO t (x, pair) VALUES (?1, ?2)", [Value::from(x), Value::from(pair)]);
        database.batch(vec![row(x + 1, x), row(x + 2, -x)]).await.unwrap();
        x += 2;
        println!("answered {x}");
    }
}
