-- Who said whose a router is: 'posted' whoever created it here, 'networking' the Networking service,
-- 'adopted' nobody. One that was adopted before this has the project of all users without
-- authentication, by which it is known as well.
ALTER TABLE router ADD COLUMN origin text NOT NULL DEFAULT 'posted'
    CHECK (origin IN ('posted', 'networking', 'adopted'));
