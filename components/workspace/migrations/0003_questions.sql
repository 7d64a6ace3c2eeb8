-- A run can ask for a line: a kind of event more. A table's check cannot be changed, so the table is made anew.
ALTER TABLE workspace_events RENAME TO workspace_events_before;

CREATE TABLE workspace_events (
  run TEXT NOT NULL REFERENCES workspace_runs (id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('started', 'stdout', 'stderr', 'display', 'value', 'error', 'input_request', 'ended')),
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO workspace_events SELECT run, seq, kind, at, data FROM workspace_events_before;

DROP TABLE workspace_events_before;

-- As before: events are numbered from 1 without gaps, end with the run, and stay as they were written.
CREATE TRIGGER workspace_events_have_no_gaps BEFORE INSERT ON workspace_events
WHEN NEW.seq IS NOT (SELECT last_seq + 1 FROM workspace_runs WHERE id = NEW.run AND ended_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'workspace: event out of order');
END;

CREATE TRIGGER workspace_events_are_counted AFTER INSERT ON workspace_events BEGIN
  UPDATE workspace_runs SET last_seq = NEW.seq WHERE id = NEW.run;
END;

CREATE TRIGGER workspace_events_are_not_changed BEFORE UPDATE ON workspace_events BEGIN
  SELECT RAISE(ABORT, 'workspace: an event is never changed');
END;
