package cthelper.networking;

import static io.restassured.RestAssured.given;

import cthelper.model.RouterId;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Neutron itself keeps the contract. */
class NeutronIT extends NetworkingContract {

  @TempDir static Path folder;

  private static NeutronServer neutron;

  @BeforeAll
  static void start() {
    neutron = NeutronServer.start(folder);
  }

  @AfterAll
  static void stop() {
    neutron.close();
  }

  @Override
  Side side() {
    return new Side() {
      @Override
      public String url() {
        return neutron.url();
      }

      @Override
      public RouterId has(String projectId, String name) {
        String id =
            given()
                .contentType("application/json")
                .body(Map.of("router", Map.of("name", name, "tenant_id", projectId)))
                .post(neutron.url() + "/v2.0/routers")
                .then()
                .statusCode(201)
                .extract()
                .path("router.id");
        return RouterId.parse(id).orElseThrow();
      }

      @Override
      public void hasNot(RouterId router) {
        given().delete(neutron.url() + "/v2.0/routers/" + router).then().statusCode(204);
      }
    };
  }
}
