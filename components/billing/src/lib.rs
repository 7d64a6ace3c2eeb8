//! Accounts, holds and the double-entry ledger: the billing domain over the sql, clock and entropy ports.
//!
//! What must always be true is kept by the tables themselves (`migrations/0001_ledger.sql`): entries come in pairs that sum to zero and never
//! change, a balance is the sum of its entries, and what is held never passes the balance. Each operation is one atomic batch.

mod prices;
mod service;
mod store;

use std::sync::Arc;

use selvedge_ports::migrate::Migration;
use selvedge_ports::{Clock, Entropy, Sql};

pub use prices::{MICRO_CREDITS_PER_BILLION_FUEL, price};

/// This domain's name: the prefix of its tables.
pub const DOMAIN: &str = "billing";

/// This domain's migrations, in order.
pub const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    sql: include_str!("../migrations/0001_ledger.sql"),
}];

/// The billing domain. Implements [`selvedge_ports::Billing`].
pub struct Billing {
    sql: Arc<dyn Sql>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Billing {
    /// Over these ports.
    pub fn new(sql: Arc<dyn Sql>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { sql, clock, entropy }
    }
}
