package cthelper.stream;

import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.node.NodeNamespace;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Who and what all tests here speak of. Routers are 1 and up, FTP is at 21, TFTP at 69. */
final class Plan {

  static final UUID INSTALLATION = new UUID(7, 7);
  static final NodeId NODE = new NodeId(new UUID(1, 1));
  static final ThisProcess PROCESS = new ThisProcess("boot", "1.0");
  static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  static final HelperType TFTP = HelperCatalog.find("tftp", Protocol.UDP).orElseThrow();
  static final NodeIdentity IDENTITY =
      new NodeIdentity(
          NODE,
          "node-1",
          "6.18.44",
          Map.of(FTP, EnumSet.allOf(AddressFamily.class), TFTP, Set.of(AddressFamily.IPV4)));

  private Plan() {}

  static RouterId router(int number) {
    return new RouterId(new UUID(0x1000, number));
  }

  static NodeNamespace namespace(int router, long cookie) {
    return new NodeNamespace("qrouter-" + router(router), router(router), true, cookie);
  }

  static Placement placement(int router) {
    return new Placement(router(router), NODE, "qrouter-" + router(router));
  }

  static Fence fence(long number) {
    return new Fence(INSTALLATION, 1, number);
  }

  static DesiredHelper ftp(long revision) {
    return new DesiredHelper(new UUID(21, 21), revision, new HelperSpec(FTP, 21));
  }

  static DesiredHelper tftp(long revision) {
    return new DesiredHelper(new UUID(69, 69), revision, new HelperSpec(TFTP, 69));
  }

  static DesiredState desired(int router, long fence, DesiredHelper... helpers) {
    return new DesiredState(router(router), fence(fence), List.of(helpers));
  }

  /** All of it. */
  static Held held(DesiredState desired) {
    return new Held(
        desired.fence(),
        desired.helpers().stream()
            .map(helper -> Verdict.proven(helper, helper.spec().type().families()))
            .toList(),
        true);
  }
}
