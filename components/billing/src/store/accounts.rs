//! Accounts and the transfers between them.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Account, ResultSet};

selvedge_ports::queries! {
    /// A project's account, unless it has one.
    open(project, now) = "INSERT INTO billing_accounts (id, kind, created_at) VALUES (?1, 'project', ?2) ON CONFLICT (id) DO NOTHING";

    /// The welcome grant of an account that the statement before has just opened (`changes()` is that statement's).
    grant(transfer, project, amount, now) =
        "INSERT INTO billing_transfers (id, kind, reference, debit, credit, amount, created_at) \
         SELECT ?1, 'grant', ?2, 'system:grants', ?2, ?3, ?4 WHERE changes() = 1 AND ?3 > 0";

    /// Balance and held.
    find(project) = "SELECT balance, held FROM billing_accounts WHERE id = ?1 AND kind = 'project'";

    /// What a settled run costs, from its project to the revenue. Once per run.
    charge(transfer, run, now) =
        "INSERT INTO billing_transfers (id, kind, reference, debit, credit, amount, created_at) \
         SELECT ?1, 'charge', run, account, 'system:revenue', charge, ?3 FROM billing_holds \
         WHERE run = ?2 AND state = 'settled' AND charge > 0 ON CONFLICT (kind, reference) DO NOTHING";
}

/// The account of a result of [`find`].
pub(crate) fn account(found: &ResultSet) -> Result<Option<Account>> {
    found
        .first()
        .map(|row| {
            Ok(Account {
                balance: row.int(0)?,
                held: row.int(1)?,
            })
        })
        .transpose()
}
