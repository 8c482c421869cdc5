-- Of several connections with one node's id the newest is heard: each draws a number, and what an
-- older one reports is refused by its rows.
CREATE SEQUENCE node_session AS bigint;
ALTER TABLE agent ADD COLUMN session bigint NOT NULL DEFAULT 0;
ALTER TABLE placement ADD COLUMN session bigint NOT NULL DEFAULT 0;

-- Two processes with one id take it from each other again and again. A process draws its own number
-- when it starts, so one that returns after it was replaced has not been started anew.
ALTER TABLE agent ADD COLUMN process uuid;
ALTER TABLE agent ADD COLUMN replaced uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE agent ADD COLUMN swapped_at timestamptz[] NOT NULL DEFAULT '{}';
