-- What others did to our table in a placement, and that it was repaired.
ALTER TABLE placement ADD COLUMN drift_repairs bigint NOT NULL DEFAULT 0;
ALTER TABLE placement ADD COLUMN drift_at timestamptz;
ALTER TABLE placement ADD COLUMN drift_what text NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN drift_program text NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN drift_pid bigint NOT NULL DEFAULT 0;
