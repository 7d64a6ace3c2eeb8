-- Accounts, holds and the double-entry ledger. Amounts are whole micro-credits.
--
-- The database itself keeps the books straight: a transfer is one row, from which triggers write its two entries and move the two balances;
-- a hold moves what is held. So no statement of ours can write half of it, and two callers at once cannot pass a balance.

CREATE TABLE billing_accounts (
  -- `prj_…`, or `system:grants` and `system:revenue`, the other side of what projects get and pay.
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('project', 'system')),
  -- Sum of the account's entries.
  balance INTEGER NOT NULL DEFAULT 0,
  -- Sum of the account's open holds.
  held INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  CONSTRAINT billing_held_is_not_negative CHECK (held >= 0),
  CONSTRAINT billing_balance_covers_held CHECK (kind = 'system' OR held <= balance)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_accounts (id, kind, created_at) VALUES ('system:grants', 'system', 0), ('system:revenue', 'system', 0);

CREATE TABLE billing_transfers (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'charge')),
  -- What it is for: the project of a grant, the run of a charge. Each is paid once.
  reference TEXT NOT NULL,
  debit TEXT NOT NULL REFERENCES billing_accounts (id),
  credit TEXT NOT NULL REFERENCES billing_accounts (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  created_at INTEGER NOT NULL,
  CHECK (debit <> credit),
  UNIQUE (kind, reference)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_entries (
  account TEXT NOT NULL REFERENCES billing_accounts (id),
  transfer TEXT NOT NULL REFERENCES billing_transfers (id),
  amount INTEGER NOT NULL,
  PRIMARY KEY (account, transfer)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_holds (
  run TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES billing_accounts (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled', 'released')),
  -- What was charged, once it is settled: never more than was held.
  charge INTEGER CHECK (charge BETWEEN 0 AND amount),
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  CHECK ((state = 'settled') = (charge IS NOT NULL)),
  CHECK ((state = 'open') = (closed_at IS NULL))
) STRICT, WITHOUT ROWID;

-- Rows of the ledger stay as they were written.
CREATE TRIGGER billing_transfers_are_not_changed BEFORE UPDATE ON billing_transfers BEGIN
  SELECT RAISE(ABORT, 'billing: a transfer is never changed');
END;
CREATE TRIGGER billing_transfers_are_not_deleted BEFORE DELETE ON billing_transfers BEGIN
  SELECT RAISE(ABORT, 'billing: a transfer is never deleted');
END;
CREATE TRIGGER billing_entries_are_not_changed BEFORE UPDATE ON billing_entries BEGIN
  SELECT RAISE(ABORT, 'billing: an entry is never changed');
END;
CREATE TRIGGER billing_entries_are_not_deleted BEFORE DELETE ON billing_entries BEGIN
  SELECT RAISE(ABORT, 'billing: an entry is never deleted');
END;
CREATE TRIGGER billing_accounts_are_not_deleted BEFORE DELETE ON billing_accounts BEGIN
  SELECT RAISE(ABORT, 'billing: an account is never deleted');
END;

-- An entry is one side of its transfer, and nothing else.
CREATE TRIGGER billing_entries_belong_to_a_transfer BEFORE INSERT ON billing_entries
WHEN NOT EXISTS (
  SELECT 1 FROM billing_transfers AS t
  WHERE t.id = NEW.transfer
    AND ((t.debit = NEW.account AND NEW.amount = -t.amount) OR (t.credit = NEW.account AND NEW.amount = t.amount))
)
BEGIN
  SELECT RAISE(ABORT, 'billing: an entry is one side of a transfer');
END;

CREATE TRIGGER billing_transfers_write_entries AFTER INSERT ON billing_transfers BEGIN
  INSERT INTO billing_entries (account, transfer, amount) VALUES (NEW.debit, NEW.id, -NEW.amount), (NEW.credit, NEW.id, NEW.amount);
  UPDATE billing_accounts SET balance = balance - NEW.amount WHERE id = NEW.debit;
  UPDATE billing_accounts SET balance = balance + NEW.amount WHERE id = NEW.credit;
END;

CREATE TRIGGER billing_holds_begin_open BEFORE INSERT ON billing_holds WHEN NEW.state <> 'open' BEGIN
  SELECT RAISE(ABORT, 'billing: a hold begins open');
END;
CREATE TRIGGER billing_holds_close_once BEFORE UPDATE ON billing_holds
WHEN OLD.state <> 'open' OR NEW.run <> OLD.run OR NEW.account <> OLD.account OR NEW.amount <> OLD.amount
BEGIN
  SELECT RAISE(ABORT, 'billing: a hold only closes, and only once');
END;
CREATE TRIGGER billing_holds_are_not_deleted BEFORE DELETE ON billing_holds BEGIN
  SELECT RAISE(ABORT, 'billing: a hold is never deleted');
END;
CREATE TRIGGER billing_holds_keep_back AFTER INSERT ON billing_holds BEGIN
  UPDATE billing_accounts SET held = held + NEW.amount WHERE id = NEW.account;
END;
CREATE TRIGGER billing_holds_free AFTER UPDATE OF state ON billing_holds WHEN NEW.state <> 'open' BEGIN
  UPDATE billing_accounts SET held = held - NEW.amount WHERE id = NEW.account;
END;
