-- Which helpers the kernel of a node has, and when the node was last heard.
ALTER TABLE agent ADD COLUMN helpers jsonb NOT NULL DEFAULT '[]';
ALTER TABLE agent ADD COLUMN heard_at timestamptz NOT NULL DEFAULT now();
