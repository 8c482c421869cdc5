package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A database that says nothing at all, which is worse than one that refuses. */
@ExtendWith(PrivateNetns.class)
class HangingDatabaseIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void requestsAreAnsweredReadinessSaysWhyAndAllHeals() throws IOException {
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
      await("ready").atMost(SOON).until(() -> ready(service) == 200);

      signal("STOP", data);
      try {
        given()
            .baseUri(service.management())
            .get("/q/health/ready")
            .then()
            .statusCode(503)
            .body(
                "checks.find { it.name == 'database' }.data.reason",
                equalTo("no answer within 2 s"));
        given().baseUri(service.base()).get("/v2.0/routers").then().statusCode(503);
        given().baseUri(service.management()).get("/q/health/live").then().statusCode(200);
      } finally {
        signal("CONT", data);
      }

      await("ready again").atMost(SOON).until(() -> ready(service) == 200);
      await("it serves again")
          .atMost(SOON)
          .until(() -> given().baseUri(service.base()).get("/v2.0/routers").statusCode() == 200);
      assertThat(service.output()).doesNotContain("\tat ").doesNotContain("SRHCK");
    }
  }

  /** Nobody can be asked what it is to hold: the node knows. */
  @Test
  void aNamespaceThatComesBackMeanwhileIsRestored() throws IOException {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
      Api api = new Api(service.base());
      try (RouterNamespace first = RouterNamespace.add(router)) {
        api.awaitRouter(router);
        api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");
        assertThat(first.ourTable()).contains("tcp . 21 comment");
      }
      await()
          .atMost(SOON)
          .until(
              () -> api.helpersOf(router).getString("conntrack_helpers.status").contains("DOWN"));

      signal("STOP", data);
      try (RouterNamespace second = RouterNamespace.add(router)) {
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(second.ruleset()).contains("tcp . 21 comment"));
        signal("CONT", data);
        await()
            .atMost(SOON)
            .until(() ->
                api.helpersOf(router).getString("conntrack_helpers.status").contains("ACTIVE"));
      } finally {
        signal("CONT", data);
      }
    }
  }

  private static int ready(ServiceProcess service) {
    return given().baseUri(service.management()).get("/q/health/ready").statusCode();
  }

  /** To the server and all its processes. */
  private static void signal(String name, DataFolder data) throws IOException {
    long server = Long.parseLong(Files.readAllLines(data.postmasterPid()).getFirst().strip());
    ProcessHandle handle = ProcessHandle.of(server).orElseThrow();
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    Stream.concat(Stream.of(handle), handle.descendants())
        .forEach(process -> command.add(Long.toString(process.pid())));
    Command.of(command.toArray(String[]::new)).run();
  }
}
