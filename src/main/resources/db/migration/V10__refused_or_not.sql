-- Whether a verdict is a refusal, so that counting placements by state need not read all verdicts.
ALTER TABLE placement ADD COLUMN is_refused boolean NOT NULL
  GENERATED ALWAYS AS (jsonb_path_exists(verdicts, '$[*].reason')) STORED;
