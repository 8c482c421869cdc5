-- Rows that are written again and again while nothing that is indexed changes. With room for the new
-- version in the same page no index is touched, and the next reader of the page clears the old
-- one away: neither indexes nor the vacuum have work with them (HOT). Pages that are full already get
-- this room as their rows move on.
ALTER TABLE router SET (fillfactor = 75);
ALTER TABLE placement SET (fillfactor = 50);
ALTER TABLE agent SET (fillfactor = 50);

-- It has one row, too few for PostgreSQL ever to count by itself; until then it plans for 1,660.
ANALYZE installation;
