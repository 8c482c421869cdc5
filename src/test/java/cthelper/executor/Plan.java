package cthelper.executor;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The ids of the executor's tests: two installations, two routers, one node; a helper's id follows
 * from its port.
 */
final class Plan {

  static final UUID INSTALLATION = UUID.fromString("7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11");
  static final UUID OTHER_INSTALLATION = UUID.fromString("0ff1ce00-0000-4000-8000-000000000001");
  static final RouterId ROUTER = router("5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1");
  static final RouterId OTHER_ROUTER = router("aaaaaaaa-0000-4000-8000-000000000002");
  static final NodeId NODE = new NodeId(UUID.fromString("0b1c2d3e-0000-4000-8000-000000000001"));
  static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  static final HelperType TFTP = HelperCatalog.find("tftp", Protocol.UDP).orElseThrow();

  private Plan() {}

  static RouterId router(String id) {
    return RouterId.parse(id).orElseThrow();
  }

  static Placement placement(RouterId router) {
    return new Placement(router, NODE, "qrouter-" + router);
  }

  static Fence fence(long number) {
    return new Fence(INSTALLATION, 1, number);
  }

  static DesiredHelper helper(HelperType type, int port) {
    String seed = type + " at " + port;
    UUID id = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
    return new DesiredHelper(id, 1, new HelperSpec(type, port));
  }

  static DesiredState desired(long number, DesiredHelper... helpers) {
    return new DesiredState(ROUTER, fence(number), List.of(helpers));
  }
}
