//! A billing domain on a real libSQL file, and the checker of its books.

use std::sync::Arc;

use selvedge_billing::Billing;
use selvedge_database::Embedded;
use selvedge_ports::fake::{ManualClock, SeededEntropy};
use selvedge_ports::shapes::Statement;
use selvedge_ports::{Billing as _, Sql};
use tempfile::TempDir;

pub(crate) struct Fixture {
    pub(crate) sql: Arc<Embedded>,
    pub(crate) billing: Arc<Billing>,
    _directory: TempDir,
}

pub(crate) async fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let sql = Arc::new(Embedded::open(&directory.path().join("test.db")).unwrap());
    let billing = Arc::new(Billing::new(
        sql.clone(),
        Arc::new(ManualClock::at(1_700_000_000_000)),
        Arc::new(SeededEntropy::new(1)),
    ));
    billing.migrate().await.unwrap();
    Fixture {
        sql,
        billing,
        _directory: directory,
    }
}

/// The rules of the ledger, each as a query for what breaks it, read at one moment.
const BROKEN: [(&str, &str); 6] = [
    (
        "all entries sum to zero",
        "SELECT sum(amount) FROM billing_entries HAVING sum(amount) <> 0",
    ),
    (
        "each transfer has two entries",
        "SELECT t.id FROM billing_transfers t LEFT JOIN billing_entries e ON e.transfer = t.id GROUP BY t.id HAVING count(*) <> 2 OR sum(e.amount) <> 0",
    ),
    (
        "a balance is the sum of its entries",
        "SELECT a.id FROM billing_accounts a LEFT JOIN billing_entries e ON e.account = a.id GROUP BY a.id HAVING a.balance <> coalesce(sum(e.amount), 0)",
    ),
    (
        "held is the sum of open holds",
        "SELECT a.id FROM billing_accounts a LEFT JOIN billing_holds h ON h.account = a.id AND h.state = 'open' GROUP BY a.id HAVING a.held <> coalesce(sum(h.amount), 0)",
    ),
    (
        "no project owes",
        "SELECT id FROM billing_accounts WHERE kind = 'project' AND (balance < 0 OR held > balance)",
    ),
    (
        "a run is charged what it settled for",
        "SELECT h.run FROM billing_holds h LEFT JOIN billing_transfers t ON t.kind = 'charge' AND t.reference = h.run WHERE coalesce(h.charge, 0) <> coalesce(t.amount, 0) OR coalesce(h.charge, 0) > h.amount",
    ),
];

pub(crate) async fn assert_books_are_straight(sql: &dyn Sql) {
    let checks = BROKEN.iter().map(|(_, query)| Statement::new(query, [])).collect();
    let found = sql.batch(checks).await.unwrap();
    for ((rule, _), found) in BROKEN.iter().zip(found) {
        assert!(found.rows.is_empty(), "broken: {rule}: {:?}", found.rows);
    }
}
