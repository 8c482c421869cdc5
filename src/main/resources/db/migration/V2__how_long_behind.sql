-- Since when a placement is behind: the later of its router's last change and its own appearance.
-- What the service reports as "commit to proven" is measured with them, on this database's clock.
ALTER TABLE router ADD COLUMN fence_drawn_at timestamptz NOT NULL DEFAULT clock_timestamp();
ALTER TABLE placement ADD COLUMN appeared_at timestamptz NOT NULL DEFAULT clock_timestamp();
