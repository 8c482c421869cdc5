-- The process that has the node's newest session, by a number it draws when it starts. Others need not
-- look for what a change made due in this node's placements. NULL where an older version wrote the row.
ALTER TABLE agent ADD COLUMN replica uuid;
