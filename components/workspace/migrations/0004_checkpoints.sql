-- Which checkpoint of its kernel a run left, so that a kernel's history can be told in cells.
ALTER TABLE workspace_runs ADD COLUMN checkpoint INTEGER;

CREATE INDEX workspace_runs_kept ON workspace_runs (kernel, checkpoint) WHERE checkpoint IS NOT NULL;

-- A project can ask for processes of its own at the node.
ALTER TABLE workspace_projects ADD COLUMN private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1));
