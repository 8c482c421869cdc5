package cthelper.networking;

import cthelper.model.RouterId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The double of the tests keeps the contract that {@link NeutronIT} shows of Neutron itself. */
class NetworkingDoubleTest extends NetworkingContract {

  private static NetworkingDouble networking;

  @BeforeAll
  static void start() {
    networking = new NetworkingDouble(TOKEN::equals);
  }

  @AfterAll
  static void stop() {
    networking.close();
  }

  @Override
  Side side() {
    return new Side() {
      @Override
      public String url() {
        return networking.url();
      }

      @Override
      public RouterId has(String projectId, String name) {
        RouterId router = RouterId.random();
        networking.has(router.toString(), projectId, name);
        return router;
      }

      @Override
      public void hasNot(RouterId router) {
        networking.hasNot(router.toString());
      }
    };
  }
}
