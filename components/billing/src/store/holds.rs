//! Holds.

use selvedge_ports::shapes::ResultSet;
use selvedge_ports::{MicroCredits, Result};

selvedge_ports::queries! {
    /// Keep back the amount, when the account exists and the run has no hold yet. Refused by `billing_balance_covers_held`.
    open(run, project, amount, now) =
        "INSERT INTO billing_holds (run, account, amount, created_at) \
         SELECT ?1, id, ?3, ?4 FROM billing_accounts WHERE id = ?2 AND kind = 'project' ON CONFLICT (run) DO NOTHING";

    /// A run's hold.
    find(run) = "SELECT account, amount, state, charge FROM billing_holds WHERE run = ?1";

    /// Settle an open hold for this price, or for all of it when the price is higher.
    settle(run, price, now) =
        "UPDATE billing_holds SET state = 'settled', charge = min(?2, amount), closed_at = ?3 WHERE run = ?1 AND state = 'open'";

    /// Free an open hold.
    release(run, now) = "UPDATE billing_holds SET state = 'released', closed_at = ?2 WHERE run = ?1 AND state = 'open'";
}

/// A stored hold.
pub(crate) struct Hold {
    /// Whose credits.
    pub(crate) project: String,
    /// How much was kept back.
    pub(crate) amount: MicroCredits,
    /// What was charged; none unless it is settled.
    pub(crate) charge: Option<MicroCredits>,
}

/// The hold of a result of [`find`].
pub(crate) fn hold(found: &ResultSet) -> Result<Option<Hold>> {
    found
        .first()
        .map(|row| {
            Ok(Hold {
                project: row.text(0)?,
                amount: row.int(1)?,
                charge: row.opt_int(3)?,
            })
        })
        .transpose()
}
