-- Each project's key for the checkpoints of its kernels, in a table of its own: nothing that lists projects reads it, and a project whose
-- key is gone has no readable checkpoints anywhere.

CREATE TABLE workspace_seals (
  project TEXT NOT NULL PRIMARY KEY REFERENCES workspace_projects (id),
  seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

INSERT INTO workspace_seals (project, seal) SELECT id, randomblob(32) FROM workspace_projects;
