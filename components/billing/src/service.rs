//! The operations.

use async_trait::async_trait;
use selvedge_ports::shapes::{Account, ResultSet, SqlError, Usage};
use selvedge_ports::{Error, ErrorKind, MicroCredits, Result, id, migrate};

use crate::store::{accounts, holds};
use crate::{Billing, DOMAIN, MIGRATIONS, prices};

impl Billing {
    fn transfer_id(&self) -> String {
        id::new(id::Kind::Transfer, &*self.clock, &*self.entropy)
    }

    async fn account(&self, project: &str) -> Result<Account> {
        accounts::account(&self.sql.query(accounts::find(project)).await?)?.ok_or_else(no_account)
    }

    async fn insufficient(&self, project: &str, need: MicroCredits) -> Error {
        match self.account(project).await {
            Ok(Account { balance, held }) => Error::new(
                ErrorKind::InsufficientCredits,
                "billing.insufficient_credits",
                format!(
                    "This run can cost up to {need} micro-credits, and the project has {} to spend (balance {balance}, held by open runs {held}). Nothing was started; lower the run's fuel limit, wait for open runs or add credits.",
                    balance.saturating_sub(held)
                ),
            ),
            Err(error) => error,
        }
    }
}

#[async_trait]
impl selvedge_ports::Billing for Billing {
    async fn migrate(&self) -> Result<()> {
        migrate::apply(&*self.sql, &*self.clock, DOMAIN, MIGRATIONS).await
    }

    async fn open_account(&self, project: &str, grant: MicroCredits) -> Result<Account> {
        if grant < 0 {
            return Err(Error::invalid("grant", "billing.grant_negative", "A grant cannot be negative."));
        }
        let now = self.clock.now();
        let done = self
            .sql
            .batch(vec![
                accounts::open(project, now),
                accounts::grant(self.transfer_id(), project, grant, now),
                accounts::find(project),
            ])
            .await?;
        accounts::account(&last(done)?)?.ok_or_else(no_account)
    }

    async fn get_account(&self, project: &str) -> Result<Account> {
        self.account(project).await
    }

    async fn price(&self, usage: Usage) -> Result<MicroCredits> {
        Ok(prices::price(usage))
    }

    async fn hold(&self, project: &str, run: &str, most: Usage) -> Result<MicroCredits> {
        // Even a run that may use nothing gets a hold, so that settling finds one.
        let amount = prices::price(most).max(1);
        let opened = self
            .sql
            .batch(vec![holds::open(run, project, amount, self.clock.now()), holds::find(run)])
            .await;
        let done = match opened {
            Err(SqlError::Constraint(text)) if text.contains("billing_balance_covers_held") => {
                return Err(self.insufficient(project, amount).await);
            }
            done => done?,
        };
        match holds::hold(&last(done)?)? {
            Some(hold) if hold.project == project => Ok(hold.amount),
            Some(_) => Err(Error::new(
                ErrorKind::Conflict,
                "billing.hold_elsewhere",
                "Another project holds credits for this run. Nothing was changed.",
            )),
            None => Err(no_account()),
        }
    }

    async fn settle(&self, run: &str, used: Usage) -> Result<MicroCredits> {
        let now = self.clock.now();
        let done = self
            .sql
            .batch(vec![
                holds::settle(run, prices::price(used), now),
                accounts::charge(self.transfer_id(), run, now),
                holds::find(run),
            ])
            .await?;
        // A released hold stays released: its run is not billed.
        Ok(holds::hold(&last(done)?)?.ok_or_else(no_hold)?.charge.unwrap_or(0))
    }

    async fn release(&self, run: &str) -> Result<()> {
        self.sql.query(holds::release(run, self.clock.now())).await?;
        Ok(())
    }
}

fn last(mut results: Vec<ResultSet>) -> Result<ResultSet> {
    results
        .pop()
        .ok_or_else(|| Error::internal("billing.no_result", "the store gave no result for a batch"))
}

fn no_account() -> Error {
    Error::not_found("billing.account_not_found", "This project has no account.")
}

fn no_hold() -> Error {
    Error::not_found("billing.hold_not_found", "No credits are held for this run.")
}
