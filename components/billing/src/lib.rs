//! Accounts, holds and the double-entry ledger.
