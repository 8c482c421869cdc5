package cthelper.auth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import cthelper.service.DataFolder;
import cthelper.service.Ended;
import cthelper.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keystone itself keeps the contract, with a user of ours who has no role but {@code service}; what
 * the double says of a token, it says too; and with it users give {@code openstack} nothing but
 * their passwords.
 */
@ExtendWith(PrivateNetns.class)
class KeystoneIT extends KeystoneContract {

  private static final Login SERVICE = new Login("helper-service", "helper-service", "service");

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static KeystoneServer keystone;
  private static KeystoneAdministration administration;
  private static String projectId = "";

  @BeforeAll
  static void start() {
    keystone = KeystoneServer.start(folder);
    administration = new KeystoneAdministration(keystone);
    projectId = administration.project("tenant");
    administration.user(SERVICE.username(), administration.project(SERVICE.project()), "service");
  }

  @AfterAll
  static void stop() {
    keystone.close();
  }

  @Override
  Side side() {
    return new Side() {
      @Override
      public String url() {
        return keystone.url();
      }

      @Override
      public Login service() {
        return SERVICE;
      }

      @Override
      public String projectId() {
        return projectId;
      }

      @Override
      public String token(String... roles) {
        return administration.token(projectId, roles);
      }

      @Override
      public String systemToken() {
        return administration.systemToken();
      }

      @Override
      public void revoke(String token) {
        administration.revoke(token);
      }
    };
  }

  @Test
  void theDoubleSaysNothingThatKeystoneDoesNot() throws IOException {
    try (KeystoneDouble imitation = new KeystoneDouble()) {
      String token = imitation.token("p", Duration.ofHours(1), "reader");
      String system = imitation.token("", Duration.ofHours(1), "admin");

      assertThat(said(keystone.url(), administration.token(projectId, "reader")))
          .containsAllEntriesOf(said(imitation.url(), token));
      assertThat(said(keystone.url(), administration.systemToken()))
          .containsAllEntriesOf(said(imitation.url(), system));
    }
  }

  /** Keystone gives {@code openstack} their tokens, and tells it where the service is. */
  @Test
  void everyoneReachesWhatIsHis() {
    String red = administration.project("red");
    administration.user("reddy", red, "member");
    administration.user("bluey", administration.project("blue"), "member");
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), settings())) {
      administration.endpoint("network", service.base());
      String router =
          given()
              .header("X-Auth-Token", administration.token(red, "member"))
              .body("{\"router\": {\"name\": \"edge\"}}")
              .post(service.base() + "/v2.0/routers")
              .then()
              .statusCode(201)
              .body("router.project_id", equalTo(red))
              .extract()
              .path("router.id");

      String create = "network l3 conntrack helper create --helper ftp --protocol tcp --port 21 ";
      assertThat(openstack("reddy", "red", create + "edge").expect(0)).contains("| port     | 21 ");
      assertThat(openstack("bluey", "blue", create + router).expect(1))
          .contains("No Router found for " + router);
      assertThat(service.output()).doesNotContain("gAAAA"); // how Keystone's tokens begin
    }
  }

  private static Map<String, String> settings() {
    return Map.of(
        "CTHELPER_AUTH",
        "keystone",
        "CTHELPER_KEYSTONE_URL",
        keystone.url() + "/v3",
        "CTHELPER_KEYSTONE_USERNAME",
        SERVICE.username(),
        "CTHELPER_KEYSTONE_PASSWORD",
        SERVICE.password(),
        "CTHELPER_KEYSTONE_PROJECT",
        SERVICE.project(),
        "CTHELPER_KEYSTONE_TIMEOUT",
        "PT20S");
  }

  private static Ended openstack(String user, String project, String arguments) {
    List<String> line = new ArrayList<>(List.of(Command.require("openstack").toString()));
    line.addAll(List.of("--os-auth-url", keystone.url() + "/v3", "--os-identity-api-version", "3"));
    line.addAll(List.of("--os-username", user, "--os-user-domain-id", "default"));
    line.addAll(List.of("--os-project-name", project, "--os-project-domain-id", "default"));
    line.addAll(List.of(arguments.split(" ")));
    return Ended.of(line, Map.of("OS_PASSWORD", user), LIMIT);
  }

  /** The attributes that a Keystone tells of a token, by their path, and what kind they are. */
  private static Map<String, JsonNodeType> said(String url, String token) throws IOException {
    String answer =
        given()
            .header("X-Auth-Token", token)
            .header("X-Subject-Token", token)
            .get(url + "/v3/auth/tokens")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    Map<String, JsonNodeType> attributes = new TreeMap<>();
    collect("", JSON.readTree(answer), attributes);
    return attributes;
  }

  private static void collect(String path, JsonNode node, Map<String, JsonNodeType> attributes) {
    attributes.put(path, node.getNodeType());
    node.propertyStream()
        .forEach(part -> collect(path + "/" + part.getKey(), part.getValue(), attributes));
    if (node.isArray() && !node.isEmpty()) {
      collect(path + "/0", node.get(0), attributes);
    }
  }
}
