package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.delete;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.router;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import cthelper.model.AddressFamily;
import cthelper.model.DriftRepairs;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.PlacementStore;
import cthelper.store.ReportedNamespace;
import cthelper.store.RouterStore;
import cthelper.testing.NodeSessions;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes, what their kernels have, and what was proven there, as users are told about them. */
@QuarkusTest
class NodesTest {

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
  private static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  private static final HelperType IRC = HelperCatalog.find("irc", Protocol.TCP).orElseThrow();
  private static final Duration LEASE = Duration.ofMinutes(1);

  @Inject PlacementStore placements;
  @Inject RouterStore routers;

  private final NodeId id = new NodeId(UUID.randomUUID());
  private final String host = "net-" + id;
  private final NodeIdentity node =
      new NodeIdentity(
          id,
          host,
          "6.18.44",
          Map.of(
              FTP, EnumSet.allOf(AddressFamily.class),
              IRC, Set.of(AddressFamily.IPV4)));
  private final String url = "/v2.0/agents/" + id;

  private Placement connect(String router) {
    RouterId routerId = RouterId.parse(router).orElseThrow();
    String namespace = "qrouter-" + router;
    NodeSessions.connected(
        placements, node, LEASE, List.of(new ReportedNamespace(namespace, routerId, true, 1)));
    return new Placement(routerId, id, namespace);
  }

  @AfterEach
  void forgetTheNode() {
    placements.disconnected(id);
    delete(url);
  }

  @Test
  void aNodeIsAnAgent() {
    connect(router());

    get(url)
        .statusCode(200)
        .body("agent.id", equalTo(id.toString()))
        .body("agent.agent_type", equalTo("Conntrack helper agent"))
        .body("agent.binary", equalTo("conntrack-helper"))
        .body("agent.host", equalTo(host))
        .body("agent.alive", equalTo(true))
        .body("agent.admin_state_up", equalTo(true))
        .body("agent.availability_zone", equalTo(null))
        .body("agent.created_at", matchesPattern(TIME))
        .body("agent.started_at", matchesPattern(TIME))
        .body("agent.heartbeat_timestamp", matchesPattern(TIME))
        .body("agent.configurations.kernel", equalTo("6.18.44"))
        .body(
            "agent.configurations.helpers",
            equalTo(Map.of("ftp:tcp", List.of("IPv4", "IPv6"), "irc:tcp", List.of("IPv4"))))
        .body("agent.configurations.placements", equalTo(1));
  }

  @Test
  void agentsAreListedFilteredAndSorted() {
    connect(router());

    get("/v2.0/agents?host=" + host).body("agents.id", contains(id.toString()));
    get("/v2.0/agents?alive=True&host=" + host).body("agents", hasSize(1));
    get("/v2.0/agents?alive=False&host=" + host).body("agents", hasSize(0));
    get("/v2.0/agents?sort_key=host&sort_dir=asc&limit=1&host=%s&fields=host".formatted(host))
        .body("agents", contains(Map.of("host", host)))
        .body("agents_links", hasSize(2));
    get("/v2.0/agents?kernel=x").statusCode(400);
  }

  @Test
  void onlyADeadAgentCanBeDeleted() {
    String router = router();
    connect(router);
    get("/v2.0/routers/" + router + "/placements").body("placements", hasSize(1));

    isError(
        delete(url),
        409,
        "AgentInUse",
        "Agent " + id + " is alive: stop its executor first, or it would be back at once.");
    placements.disconnected(id);
    get(url).body("agent.alive", equalTo(false));
    delete(url).statusCode(204);

    isError(get(url), 404, "AgentNotFound", "Agent " + id + " could not be found.");
    isError(delete(url), 404, "AgentNotFound", "Agent " + id + " could not be found.");
    isError(get("/v2.0/agents/x"), 404, "AgentNotFound", "Agent x could not be found.");
    get("/v2.0/routers/" + router + "/placements").body("placements", hasSize(0));
  }

  /** A router that waits to be forgotten on a node that never comes back is gone with that node. */
  @Test
  void aDeletedRouterIsNotWaitedForOnADeletedAgent() {
    String router = router();
    connect(router);
    delete("/v2.0/routers/" + router).statusCode(204);
    placements.disconnected(id);
    delete(url).statusCode(204);

    Wire.post("/v2.0/routers", "{\"router\": {\"id\": \"%s\"}}".formatted(router))
        .statusCode(201)
        .body("router.revision_number", equalTo(1));
  }

  @Test
  void typesSayWhichNodesHaveThem() {
    connect(router());
    String of = "conntrack_helper_types.find { it.helper == '%s' && it.protocol == '%s' }";
    String here = ".agents.find { it.host == '" + host + "' }";

    get("/v2.0/conntrack_helper_types")
        .statusCode(200)
        .body("conntrack_helper_types", hasSize(HelperCatalog.all().size()))
        .body(of.formatted("ftp", "tcp") + ".default_port", equalTo(21))
        .body(of.formatted("ftp", "tcp") + ".families", contains("IPv4", "IPv6"))
        .body(of.formatted("ftp", "tcp") + ".allowed", equalTo(true))
        .body(of.formatted("ftp", "tcp") + ".risk", equalTo("moderate"))
        .body(of.formatted("h323", "tcp") + ".risk", equalTo("high"))
        .body(of.formatted("ftp", "tcp") + here + ".id", equalTo(id.toString()))
        .body(of.formatted("ftp", "tcp") + here + ".alive", equalTo(true))
        .body(of.formatted("irc", "tcp") + here + ".families", contains("IPv4"))
        .body(of.formatted("tftp", "udp") + here, equalTo(null));
  }

  /** A module may be loaded, or unloaded, while a node is connected. */
  @Test
  void aHeartbeatTellsWhatTheKernelHasNow() {
    connect(router());
    NodeSessions.heartbeat(
        placements,
        new NodeIdentity(id, host, "6.18.44", Map.of(FTP, Set.of(AddressFamily.IPV4))),
        LEASE);

    get(url).body("agent.configurations.helpers", equalTo(Map.of("ftp:tcp", List.of("IPv4"))));
  }

  @Test
  void aPlacementTellsWhatItsKernelWasProvenToHold() {
    String router = router();
    String helper = created(router, Wire.FTP_21);
    Placement placement = connect(router);
    Fence fence = routers.fenceOf(placement.router()).orElseThrow();
    String path = "/v2.0/routers/" + router + "/placements";

    get(path)
        .statusCode(200)
        .body("placements", hasSize(1))
        .body("placements[0].agent_id", equalTo(id.toString()))
        .body("placements[0].host", equalTo(host))
        .body("placements[0].alive", equalTo(true))
        .body("placements[0].namespace", equalTo("qrouter-" + router))
        .body("placements[0].desired_fence", equalTo(fence.toString()))
        .body("placements[0].observed_fence", equalTo(null))
        .body("placements[0].error", equalTo(null))
        .body("placements[0].conntrack_helpers", hasSize(0))
        .body("placements[0].drift.repairs", equalTo(0))
        .body("placements[0].drift.last", equalTo(null));

    Verdict proven =
        new Verdict(
            UUID.fromString(helper), 1, true, Set.of(AddressFamily.IPV4), null, "a warning");
    NodeSessions.record(placements, placement, new Held(fence, List.of(proven), true), LEASE);
    NodeSessions.drifted(placements, placement, new DriftRepairs(3, "deleted table", "nft", 4711));
    get(path)
        .body("placements[0].observed_fence", equalTo(fence.toString()))
        .body("placements[0].conntrack_helpers[0].id", equalTo(helper))
        .body("placements[0].conntrack_helpers[0].revision_number", equalTo(1))
        .body("placements[0].conntrack_helpers[0].verdict", equalTo("proven"))
        .body("placements[0].conntrack_helpers[0].families", contains("IPv4"))
        .body("placements[0].conntrack_helpers[0].reason", equalTo(null))
        .body("placements[0].conntrack_helpers[0].detail", equalTo("a warning"))
        .body("placements[0].drift.repairs", equalTo(3))
        .body("placements[0].drift.what", equalTo("deleted table"))
        .body("placements[0].drift.program", equalTo("nft"))
        .body("placements[0].drift.pid", equalTo(4711));

    NodeSessions.record(
        placements, placement, new Failed(fence, Reason.NOT_PERMITTED, "EPERM"), LEASE);
    placements.disconnected(id);
    get(path)
        .body("placements[0].alive", equalTo(false))
        .body("placements[0].error.reason", equalTo("not-permitted"))
        .body("placements[0].error.detail", equalTo("EPERM"));
  }

  @Test
  void placementsOfAMissingRouterAreNotFound() {
    isError(
        get("/v2.0/routers/x/placements"), 404, "RouterNotFound", "Router x could not be found");
    String router = router();
    delete("/v2.0/routers/" + router);
    get("/v2.0/routers/" + router + "/placements").statusCode(404);
    get("/v2.0/routers/" + router() + "/placements").body("placements", hasSize(0));
  }
}
