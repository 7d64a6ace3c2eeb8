-- What was signed about a certified run: whoever has it can check the run by running it again.
ALTER TABLE workspace_runs ADD COLUMN receipt TEXT;
