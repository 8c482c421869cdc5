package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;

import cthelper.model.ConntrackHelper;
import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Protocol;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import cthelper.store.ConntrackHelperStore.Created;
import cthelper.store.ConntrackHelperStore.Creation;
import cthelper.store.ConntrackHelperStore.Deleted;
import cthelper.store.ConntrackHelperStore.Written;
import cthelper.testing.NodeSessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Fresh routers and nodes, so that tests share one database and never meet in it. */
final class Fixture {

  static final HelperSpec FTP_21 = spec("ftp", Protocol.TCP, 21);
  static final HelperSpec FTP_2121 = spec("ftp", Protocol.TCP, 2121);
  static final HelperSpec SIP_TCP_21 = spec("sip", Protocol.TCP, 21);
  static final HelperSpec TFTP_69 = spec("tftp", Protocol.UDP, 69);

  static final Duration LEASE = Duration.ofMinutes(1);
  static final Duration LATER = Duration.ofMinutes(10);

  private Fixture() {}

  static HelperSpec spec(String helper, Protocol protocol, int port) {
    return new HelperSpec(HelperCatalog.find(helper, protocol).orElseThrow(), port);
  }

  static NewRouter newRouter() {
    return newRouter(RouterId.random());
  }

  static NewRouter newRouter(RouterId id) {
    return new NewRouter(id, "project", "router of " + id, "", true, false, false);
  }

  static NodeId node() {
    return new NodeId(UUID.randomUUID());
  }

  static ReportedNamespace qrouter(RouterId router, long cookie) {
    return new ReportedNamespace("qrouter-" + router, router, true, cookie);
  }

  static ReportedNamespace snat(RouterId router, long cookie) {
    return new ReportedNamespace("snat-" + router, router, false, cookie);
  }

  static void connect(PlacementStore placements, NodeId node, ReportedNamespace... namespaces) {
    NodeSessions.connected(placements, identity(node), LEASE, List.of(namespaces));
  }

  static NodeIdentity identity(NodeId node) {
    return new NodeIdentity(node, "node-" + node, "6.18.44", Map.of());
  }

  static DesiredHelper desired(ConntrackHelper helper) {
    return new DesiredHelper(helper.id(), helper.revision(), helper.spec());
  }

  /** A conntrack helper that a write left, or took away, and the fence of doing so. */
  record Made(ConntrackHelper helper, Fence fence) {

    static Made of(Deleted deleted) {
      return new Made(deleted.helper(), deleted.fence());
    }
  }

  /** The router's conntrack helpers without their statuses. */
  static List<ConntrackHelper> stored(ConntrackHelperStore helpers, RouterId router) {
    return helpers.of(EVERYBODY, router).stream().map(ReportedHelper::helper).toList();
  }

  /** The one helper that was created. */
  static Made made(Creation creation) {
    if (creation instanceof Created(List<ReportedHelper> helpers, Fence fence)) {
      return new Made(helpers.getFirst().helper(), fence);
    }
    throw new AssertionError("not created: " + creation);
  }

  static Made written(Object result) {
    if (result instanceof Written(ReportedHelper helper, Fence fence)) {
      return new Made(helper.helper(), fence);
    }
    throw new AssertionError("not written: " + result);
  }
}
