//! After a failed fsync the database takes no more writes. The fault is injected at the system call itself: this test program brings its
//! own `fsync` and `fdatasync`, which SQLite's C code then calls instead of the system's.
#![allow(unsafe_code, reason = "stands in for two functions of the C library")]

use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicBool, Ordering};

use selvedge_database::Embedded;
use selvedge_ports::Sql;
use selvedge_ports::shapes::{SqlError, Statement};

static FAILING: AtomicBool = AtomicBool::new(false);
static CALLED: AtomicBool = AtomicBool::new(false);

const EIO: i32 = 5;

unsafe extern "C" {
    fn __errno_location() -> *mut i32;
}

fn sync(fd: i32, sync: impl Fn(BorrowedFd<'_>) -> rustix::io::Result<()>) -> i32 {
    CALLED.store(true, Ordering::SeqCst);
    if !FAILING.load(Ordering::SeqCst) && sync(unsafe { BorrowedFd::borrow_raw(fd) }).is_ok() {
        return 0;
    }
    unsafe { *__errno_location() = EIO };
    -1
}

#[unsafe(no_mangle)]
extern "C" fn fsync(fd: i32) -> i32 {
    sync(fd, |fd| rustix::fs::fsync(fd))
}

#[unsafe(no_mangle)]
extern "C" fn fdatasync(fd: i32) -> i32 {
    sync(fd, |fd| rustix::fs::fdatasync(fd))
}

fn one(sql: &str) -> Statement {
    Statement::new(sql, [])
}

#[tokio::test]
async fn after_a_failed_fsync_no_write_is_taken_until_a_restart_and_reads_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let database = Embedded::open(&path).unwrap();
    database.query(one("CREATE TABLE t (x)")).await.unwrap();
    CALLED.store(false, Ordering::SeqCst);
    database.query(one("INSERT INTO t VALUES (1)")).await.unwrap();
    assert!(CALLED.load(Ordering::SeqCst), "a commit is answered only after an fsync");

    FAILING.store(true, Ordering::SeqCst);
    let failed = database.query(one("INSERT INTO t VALUES (2)")).await;
    assert!(matches!(failed, Err(SqlError::Unavailable(_))), "{failed:?}");
    FAILING.store(false, Ordering::SeqCst);

    // The disk works again, but what the kernel dropped meanwhile is unknown: no write, one or many, whatever the disk says now.
    CALLED.store(false, Ordering::SeqCst);
    let refused = database.query(one("INSERT INTO t VALUES (3)")).await;
    assert!(
        matches!(&refused, Err(SqlError::ReadOnly(why)) if why.contains("restart")),
        "{refused:?}"
    );
    let refused = database
        .batch(vec![one("INSERT INTO t VALUES (4)"), one("INSERT INTO t VALUES (5)")])
        .await;
    assert!(matches!(refused, Err(SqlError::ReadOnly(_))), "{refused:?}");
    assert!(!CALLED.load(Ordering::SeqCst), "a refused write does not touch the disk");
    assert!(database.stopped().is_some());
    let seen = database.query(one("SELECT x FROM t")).await.unwrap();
    assert_eq!(seen.rows.len(), 1, "reads go on and show only what was committed");

    drop(database);
    let database = Embedded::open(&path).unwrap();
    let kept = database.query(one("SELECT count(*) FROM t WHERE x = 1")).await.unwrap();
    assert_eq!(kept.first().unwrap().int(0).unwrap(), 1, "an acknowledged write is kept");
    database.query(one("INSERT INTO t VALUES (6)")).await.unwrap();
}
