CREATE TABLE workspace_cells (
  id TEXT NOT NULL PRIMARY KEY,
  notebook TEXT NOT NULL REFERENCES workspace_notebooks (id),
  -- Sparse, so that a cell between two others changes no third one.
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  last_run TEXT
) STRICT;

CREATE INDEX workspace_cells_in_order ON workspace_cells (notebook, position, id);

CREATE TABLE workspace_events (
  run TEXT NOT NULL REFERENCES workspace_runs (id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('started', 'stdout', 'stderr', 'display', 'value', 'error', 'input_request', 'ended')),
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER workspace_events_are_counted AFTER INSERT ON workspace_events BEGIN
  UPDATE workspace_runs SET last_seq = NEW.seq WHERE id = NEW.run;
END;

CREATE TRIGGER workspace_events_are_not_changed BEFORE UPDATE ON workspace_events BEGIN
  SELECT RAISE(ABORT, 'workspace: an event is never changed');
END;

CREATE TRIGGER workspace_events_have_no_gaps BEFORE INSERT ON workspace_events
WHEN NEW.seq IS NOT (SELECT last_seq + 1 FROM workspace_runs WHERE id = NEW.run AND ended_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'workspace: event out of order');
END;

CREATE TABLE workspace_idempotency (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  -- SHA-256 of the request.
  digest BLOB NOT NULL,
  run TEXT NOT NULL REFERENCES workspace_runs (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX workspace_idempotency_by_age ON workspace_idempotency (created_at);

CREATE TABLE workspace_notebooks (
  id TEXT NOT NULL PRIMARY KEY,
  project TEXT NOT NULL REFERENCES workspace_projects (id),
  name TEXT NOT NULL,
  -- The interpreter that its cells run in.
  kernel TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX workspace_notebooks_by_change ON workspace_notebooks (project, updated_at DESC, id DESC);

CREATE TABLE workspace_programs (
  run TEXT NOT NULL PRIMARY KEY REFERENCES workspace_runs (id),
  code TEXT NOT NULL,
  stdin TEXT
) STRICT;

CREATE TABLE workspace_projects (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
, private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1))) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_runs (
  id TEXT NOT NULL PRIMARY KEY,
  project TEXT NOT NULL REFERENCES workspace_projects (id),
  notebook TEXT,
  cell TEXT,
  kernel TEXT,
  created_by TEXT NOT NULL,
  language TEXT NOT NULL,
  wall_ms INTEGER NOT NULL,
  fuel_limit INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  output_bytes INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled', 'lost')),
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  lease_until INTEGER NOT NULL,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  fuel INTEGER,
  duration_ms INTEGER,
  cost INTEGER,
  -- JSON, because an exception's text may hold any character.
  error TEXT,
  truncated INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0, checkpoint INTEGER, receipt TEXT,
  CHECK ((status IN ('queued', 'running')) = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX workspace_runs_by_project ON workspace_runs (project, id DESC);

CREATE TRIGGER workspace_runs_end_once BEFORE UPDATE ON workspace_runs WHEN OLD.ended_at IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'workspace: the run has ended');
END;

CREATE INDEX workspace_runs_kept ON workspace_runs (kernel, checkpoint) WHERE checkpoint IS NOT NULL;

CREATE INDEX workspace_runs_open ON workspace_runs (lease_until) WHERE ended_at IS NULL;

CREATE TABLE workspace_seals (
  project TEXT NOT NULL PRIMARY KEY REFERENCES workspace_projects (id),
  seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

