-- Routers, their conntrack helpers, and where nodes found them. PostgreSQL 15 or newer.
-- Every time is this database's clock; no instance of the service writes its own.

-- Which database this is. The id is made here, once: a node keeps its hands off a table of another
-- installation, so an empty or wrong database can never wipe it. The epoch rises after a restore
-- from backup, when nodes hold numbers that the sequence below has not drawn (yet).
CREATE TABLE installation (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    id      uuid    NOT NULL DEFAULT gen_random_uuid(),
    epoch   integer NOT NULL DEFAULT 1 CHECK (epoch >= 1)
);
INSERT INTO installation DEFAULT VALUES;

-- Orders all desired states of one epoch. Drawn under the lock of the router's row, so the numbers
-- of one router rise in the order of its commits.
CREATE SEQUENCE fence AS bigint;

CREATE TABLE router (
    id              uuid        PRIMARY KEY,
    project_id      text        NOT NULL CHECK (project_id <> ''),
    name            text        NOT NULL DEFAULT '',
    description     text        NOT NULL DEFAULT '',
    admin_state_up  boolean     NOT NULL DEFAULT true,
    distributed     boolean     NOT NULL DEFAULT false,
    ha              boolean     NOT NULL DEFAULT false,
    revision_number bigint      NOT NULL DEFAULT 1,
    fence           bigint      NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    -- A tombstone: invisible to users, and desired to hold nothing, until no placement is left.
    deleted_at      timestamptz
);
CREATE INDEX router_by_name ON router (name) WHERE deleted_at IS NULL;
CREATE INDEX router_by_project ON router (project_id) WHERE deleted_at IS NULL;
CREATE INDEX router_tombstones ON router (id) WHERE deleted_at IS NOT NULL;

CREATE TABLE conntrack_helper (
    id              uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    router_id       uuid        NOT NULL REFERENCES router (id) ON DELETE CASCADE,
    protocol        text        NOT NULL,
    port            integer     NOT NULL CHECK (port BETWEEN 1 AND 65535),
    helper          text        NOT NULL,
    revision_number bigint      NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    -- The kernel can attach only one helper to a port, so a second one would be a lie.
    CONSTRAINT conntrack_helper_one_per_port UNIQUE (router_id, protocol, port)
);

CREATE TABLE agent (
    id           uuid        PRIMARY KEY,
    name         text        NOT NULL,
    kernel       text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    connected_at timestamptz NOT NULL DEFAULT now(),
    -- Alive while this is in the future.
    lease_until  timestamptz NOT NULL
);

-- A row exists exactly while a node reports the namespace, whether or not its router is known:
-- therefore no foreign key to router.
CREATE TABLE placement (
    agent_id       uuid    NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    namespace      text    NOT NULL,
    router_id      uuid    NOT NULL,
    -- The kernel's SO_NETNS_COOKIE, as signed 64 bits: another value is another namespace.
    cookie         bigint  NOT NULL,
    adoptable      boolean NOT NULL,
    -- The fence that the kernel was last proven to hold, and the verdict on each of its helpers.
    observed_epoch integer,
    observed_fence bigint,
    verdicts       jsonb   NOT NULL DEFAULT '[]',
    -- The fence the node last answered about, in whatever way: a newer one is due at once, however
    -- far away the next retry of this one is.
    answered_epoch integer,
    answered_fence bigint,
    failure_reason text,
    failure_detail text    NOT NULL DEFAULT '',
    attempts       integer NOT NULL DEFAULT 0,
    retry_at       timestamptz,
    PRIMARY KEY (agent_id, namespace),
    CHECK ((observed_epoch IS NULL) = (observed_fence IS NULL)),
    CHECK ((answered_epoch IS NULL) = (answered_fence IS NULL))
);
CREATE INDEX placement_by_router ON placement (router_id);
CREATE INDEX placement_retries ON placement (agent_id, retry_at) WHERE retry_at IS NOT NULL;
