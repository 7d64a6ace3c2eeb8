//! The ledger's promises, on a real libSQL file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

use std::collections::HashMap;
use std::sync::Arc;

use selvedge_billing::{Billing, price};
use selvedge_ports::fake::{LossySql, ManualClock, SeededEntropy};
use selvedge_ports::shapes::{Account, SqlError, Statement, Usage};
use selvedge_ports::{Billing as _, Entropy, Error, ErrorKind, MicroCredits, Sql};
use support::{assert_books_are_straight, fixture};

/// Fuel that costs this much.
const fn costing(credits: u64) -> Usage {
    Usage {
        fuel: credits * (1_000_000_000 / selvedge_billing::MICRO_CREDITS_PER_BILLION_FUEL),
    }
}

#[tokio::test]
async fn an_account_is_opened_and_granted_once() {
    let at = fixture().await;
    assert_eq!(
        at.billing.open_account("prj_a", 100).await.unwrap(),
        Account { balance: 100, held: 0 }
    );
    assert_eq!(
        at.billing.open_account("prj_a", 500).await.unwrap(),
        Account { balance: 100, held: 0 }
    );
    assert_eq!(at.billing.open_account("prj_b", 0).await.unwrap(), Account { balance: 0, held: 0 });
    assert_eq!(
        at.billing.open_account("prj_b", 500).await.unwrap(),
        Account { balance: 0, held: 0 }
    );
    assert_eq!(at.billing.open_account("prj_c", -1).await.unwrap_err().kind, ErrorKind::Invalid);
    assert_eq!(at.billing.get_account("prj_c").await.unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(at.billing.get_account("system:grants").await.unwrap_err().kind, ErrorKind::NotFound);
    assert_books_are_straight(&*at.sql).await;
}

#[tokio::test]
async fn a_run_is_held_then_charged_what_it_used_and_never_more() {
    let at = fixture().await;
    at.billing.open_account("prj_a", 100).await.unwrap();
    for _ in 0..2 {
        assert_eq!(at.billing.hold("prj_a", "run_1", costing(40)).await.unwrap(), 40);
        assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 100, held: 40 });
    }
    for _ in 0..2 {
        assert_eq!(at.billing.settle("run_1", costing(10)).await.unwrap(), 10);
        assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 90, held: 0 });
    }
    assert_eq!(
        at.billing.settle("run_1", costing(40)).await.unwrap(),
        10,
        "a second settle returns the first charge"
    );
    at.billing.release("run_1").await.unwrap();
    assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 90, held: 0 });

    at.billing.hold("prj_a", "run_2", costing(20)).await.unwrap();
    assert_eq!(
        at.billing.settle("run_2", costing(1_000)).await.unwrap(),
        20,
        "never more than was held"
    );
    assert_books_are_straight(&*at.sql).await;
}

#[tokio::test]
async fn a_released_run_is_not_billed() {
    let at = fixture().await;
    at.billing.open_account("prj_a", 100).await.unwrap();
    at.billing.hold("prj_a", "run_1", costing(40)).await.unwrap();
    for _ in 0..2 {
        at.billing.release("run_1").await.unwrap();
        assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 100, held: 0 });
    }
    assert_eq!(at.billing.settle("run_1", costing(10)).await.unwrap(), 0);
    assert_eq!(at.billing.hold("prj_a", "run_1", costing(40)).await.unwrap(), 40);
    assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 100, held: 0 });
    assert_books_are_straight(&*at.sql).await;
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused_with_the_numbers() {
    let at = fixture().await;
    at.billing.open_account("prj_a", 100).await.unwrap();
    at.billing.hold("prj_a", "run_1", costing(60)).await.unwrap();
    let refused = at.billing.hold("prj_a", "run_2", costing(41)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InsufficientCredits);
    assert!(
        ["41", "40", "100", "60"].iter().all(|number| refused.message.contains(number)),
        "{}",
        refused.message
    );
    assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 100, held: 60 });
    at.billing.hold("prj_a", "run_3", costing(40)).await.unwrap();
    assert_eq!(
        at.billing.hold("prj_nobody", "run_4", costing(1)).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    assert_eq!(
        at.billing.hold("system:revenue", "run_4", costing(1)).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    assert_eq!(at.billing.settle("run_4", costing(1)).await.unwrap_err().kind, ErrorKind::NotFound);
    at.billing.open_account("prj_b", 100).await.unwrap();
    assert_eq!(
        at.billing.hold("prj_b", "run_1", costing(1)).await.unwrap_err().kind,
        ErrorKind::Conflict
    );
    assert_books_are_straight(&*at.sql).await;
}

#[tokio::test]
async fn the_database_refuses_to_change_what_was_written() {
    let at = fixture().await;
    at.billing.open_account("prj_a", 100).await.unwrap();
    at.billing.hold("prj_a", "run_1", costing(40)).await.unwrap();
    at.billing.settle("run_1", costing(10)).await.unwrap();
    for forbidden in [
        "UPDATE billing_transfers SET amount = 1",
        "DELETE FROM billing_transfers",
        "UPDATE billing_entries SET amount = 0",
        "DELETE FROM billing_entries",
        "INSERT INTO billing_entries SELECT 'prj_a', id, 5 FROM billing_transfers WHERE kind = 'charge'",
        "INSERT INTO billing_entries VALUES ('prj_a', 'trf_none', 5)",
        "DELETE FROM billing_accounts",
        "UPDATE billing_holds SET state = 'open', charge = NULL, closed_at = NULL",
        "DELETE FROM billing_holds",
    ] {
        let refused = at.sql.query(Statement::new(forbidden, [])).await;
        assert!(matches!(refused, Err(SqlError::Constraint(_))), "{forbidden}: {refused:?}");
    }
    assert_books_are_straight(&*at.sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_callers_at_once_cannot_pass_the_balance() {
    let at = fixture().await;
    at.billing.open_account("prj_a", 100).await.unwrap();
    let callers: Vec<_> = (0..200)
        .map(|n| {
            let billing = Arc::clone(&at.billing);
            tokio::spawn(async move { billing.hold("prj_a", &format!("run_{n}"), costing(7)).await })
        })
        .collect();
    let mut held = 0;
    for caller in callers {
        match caller.await.unwrap() {
            Ok(amount) => held += amount,
            Err(refused) => assert_eq!(refused.kind, ErrorKind::InsufficientCredits, "{refused:?}"),
        }
    }
    assert_eq!(held, 98);
    assert_eq!(at.billing.get_account("prj_a").await.unwrap(), Account { balance: 100, held: 98 });
    assert_books_are_straight(&*at.sql).await;
}

/// What billing should do, in the plainest form.
#[derive(Default)]
struct Model {
    accounts: HashMap<String, Account>,
    /// Run → project, held, and the charge once it is closed.
    holds: HashMap<String, (String, MicroCredits, Option<MicroCredits>)>,
}

impl Model {
    fn hold(&mut self, project: &str, run: &str, most: Usage) -> Result<MicroCredits, ErrorKind> {
        if let Some((owner, amount, _)) = self.holds.get(run) {
            return if owner == project { Ok(*amount) } else { Err(ErrorKind::Conflict) };
        }
        let account = self.accounts.get_mut(project).ok_or(ErrorKind::NotFound)?;
        let amount = price(most).max(1);
        if account.balance - account.held < amount {
            return Err(ErrorKind::InsufficientCredits);
        }
        account.held += amount;
        self.holds.insert(run.to_owned(), (project.to_owned(), amount, None));
        Ok(amount)
    }

    fn close(&mut self, run: &str, cost: MicroCredits) -> Result<MicroCredits, ErrorKind> {
        let (project, amount, charge) = self.holds.get_mut(run).ok_or(ErrorKind::NotFound)?;
        if let Some(charge) = charge {
            return Ok(*charge);
        }
        let cost = cost.min(*amount);
        let account = self.accounts.get_mut(project).unwrap();
        account.held -= *amount;
        account.balance -= cost;
        *charge = Some(cost);
        Ok(cost)
    }
}

fn pick(entropy: &SeededEntropy, below: u64) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_le_bytes(bytes) % below
}

#[tokio::test]
async fn billing_does_what_the_model_does_for_any_sequence_of_calls() {
    for seed in 0..12 {
        let at = fixture().await;
        let entropy = SeededEntropy::new(seed);
        let mut model = Model::default();
        for step in 0..150 {
            let project = format!("prj_{}", pick(&entropy, 3));
            let run = format!("run_{}", pick(&entropy, 25));
            let usage = costing(pick(&entropy, 60));
            let what = pick(&entropy, 8);
            let (expected, found) = match what {
                0 => {
                    let grant = i64::try_from(pick(&entropy, 200)).unwrap();
                    let account = *model.accounts.entry(project.clone()).or_insert(Account { balance: grant, held: 0 });
                    (
                        Ok(account.balance),
                        at.billing.open_account(&project, grant).await.map(|account| account.balance),
                    )
                }
                1..=3 => (model.hold(&project, &run, usage), at.billing.hold(&project, &run, usage).await),
                4..=6 => (model.close(&run, price(usage)), at.billing.settle(&run, usage).await),
                _ => {
                    // Releasing an unknown run is nothing.
                    let _ = model.close(&run, 0);
                    (Ok(0), at.billing.release(&run).await.map(|()| 0))
                }
            };
            assert_eq!(
                found.map_err(|error| error.kind),
                expected,
                "seed {seed}, step {step}, operation {what}"
            );
        }
        for (project, account) in &model.accounts {
            assert_eq!(at.billing.get_account(project).await.unwrap(), *account, "seed {seed}");
        }
        assert_books_are_straight(&*at.sql).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_straight_at_every_moment_while_many_work() {
    let at = fixture().await;
    for project in 0..3 {
        at.billing.open_account(&format!("prj_{project}"), 500).await.unwrap();
    }
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let billing = Arc::clone(&at.billing);
            tokio::spawn(async move {
                let entropy = SeededEntropy::new(worker);
                for _ in 0..150 {
                    let project = format!("prj_{}", pick(&entropy, 3));
                    // Few runs, so that several workers hold, settle and release the same one.
                    let run = format!("run_{}_{project}", pick(&entropy, 40));
                    let usage = costing(pick(&entropy, 50));
                    let refused = match pick(&entropy, 3) {
                        0 => billing.hold(&project, &run, usage).await.err(),
                        1 => billing.settle(&run, usage).await.err(),
                        _ => billing.release(&run).await.err(),
                    };
                    if let Some(refused) = refused {
                        assert!(
                            matches!(refused.kind, ErrorKind::NotFound | ErrorKind::InsufficientCredits),
                            "{refused:?}"
                        );
                    }
                }
            })
        })
        .collect();
    while workers.iter().any(|worker| !worker.is_finished()) {
        assert_books_are_straight(&*at.sql).await;
        tokio::task::yield_now().await;
    }
    for worker in workers {
        worker.await.unwrap();
    }
    assert_books_are_straight(&*at.sql).await;
}

/// Calls until the store answers, as a caller does that was told to try again.
async fn until_answered<T, F: Future<Output = Result<T, Error>>>(call: impl Fn() -> F) -> Result<T, Error> {
    loop {
        match call().await {
            Err(error) if error.kind == ErrorKind::Unavailable => {}
            answer => return answer,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_store_that_loses_calls_and_answers_each_run_is_charged_once_and_nothing_stays_held() {
    let at = fixture().await;
    at.billing.open_account("prj_a", 100_000).await.unwrap();
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let lossy = Arc::new(LossySql::new(at.sql.clone(), caller));
            let billing = Billing::new(lossy, Arc::new(ManualClock::at(1)), Arc::new(SeededEntropy::new(1_000 + caller)));
            tokio::spawn(async move {
                for n in 0..40 {
                    let run = format!("run_{caller}_{n}");
                    until_answered(|| billing.hold("prj_a", &run, costing(20))).await.unwrap();
                    if n % 4 == 0 {
                        until_answered(|| billing.release(&run)).await.unwrap();
                    } else {
                        assert_eq!(until_answered(|| billing.settle(&run, costing(7))).await.unwrap(), 7);
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(
        at.billing.get_account("prj_a").await.unwrap(),
        Account {
            balance: 100_000 - 8 * 30 * 7,
            held: 0
        }
    );
    assert_books_are_straight(&*at.sql).await;
}
