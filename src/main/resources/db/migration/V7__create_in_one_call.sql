-- Creating conntrack helpers, the change that is made most often, in one call: between lock and
-- commit nobody waits for the network. All or nothing, as one change of the router.
--
--   no row           there is no such router in reach
--   'taken'          one row: the first of the wanted whose port another has, and who has it
--   'too-many'       one row: the router would have more than it may
--   'made'           a row for each, in no order: what was made, and the fence of doing so
--
-- Whoever waits for the router's row sees afterwards what the one before has made (READ COMMITTED:
-- each statement has a snapshot of its own); so limit and ports hold for any number of clients, and
-- the fence is drawn after that of the change that was waited for.
CREATE FUNCTION create_conntrack_helpers(
    of_router uuid, for_everybody boolean, of_project text,
    protocols text[], ports integer[], helpers text[], most integer)
  RETURNS TABLE (
    id uuid, router_id uuid, protocol text, port integer, helper text,
    revision_number bigint, created_at timestamptz, updated_at timestamptz,
    installation uuid, epoch integer, fence bigint, outcome text)
  LANGUAGE plpgsql ROWS 1 AS $$
#variable_conflict use_column
DECLARE
  drawn bigint;
BEGIN
  PERFORM FROM router
    WHERE router.id = of_router AND deleted_at IS NULL
      AND (for_everybody OR project_id = of_project)
    FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  RETURN QUERY
    SELECT h.id, of_router, wanted.protocol, wanted.port, coalesce(h.helper, wanted.first),
           NULL::bigint, NULL::timestamptz, NULL::timestamptz, NULL::uuid, NULL::integer,
           NULL::bigint, 'taken'
    FROM (
        SELECT w.*, first_value(w.helper) OVER same AS first, row_number() OVER same AS number
        FROM unnest(protocols, ports, helpers) WITH ORDINALITY AS w (protocol, port, helper, place)
        WINDOW same AS (PARTITION BY w.protocol, w.port ORDER BY w.place)) AS wanted
      LEFT JOIN conntrack_helper h
        ON h.router_id = of_router AND h.protocol = wanted.protocol AND h.port = wanted.port
    WHERE h.id IS NOT NULL OR wanted.number > 1
    ORDER BY wanted.place LIMIT 1;
  IF FOUND THEN
    RETURN;
  END IF;

  IF (SELECT count(*) FROM conntrack_helper h WHERE h.router_id = of_router) + cardinality(ports)
      > most THEN
    outcome := 'too-many';
    RETURN NEXT;
    RETURN;
  END IF;

  UPDATE router
    SET revision_number = router.revision_number + 1, updated_at = now(),
        fence = nextval('fence'), fence_drawn_at = clock_timestamp()
    WHERE router.id = of_router
    RETURNING router.fence INTO drawn;
  RETURN QUERY
    WITH made AS (
      INSERT INTO conntrack_helper AS h (router_id, protocol, port, helper)
      SELECT of_router, w.* FROM unnest(protocols, ports, helpers) AS w
      RETURNING h.*)
    SELECT made.id, made.router_id, made.protocol, made.port, made.helper,
           made.revision_number, made.created_at, made.updated_at,
           installation.id, installation.epoch, drawn, 'made'
    FROM made, installation;
END $$;
