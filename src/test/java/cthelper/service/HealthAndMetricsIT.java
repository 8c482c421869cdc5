package cthelper.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import cthelper.lab.PrivateNetns;
import io.restassured.response.ValidatableResponse;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator's probes and Prometheus are told on the management port. */
@ExtendWith(PrivateNetns.class)
class HealthAndMetricsIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  @Test
  void oneHelperIsSeenInHealthAndMetrics() {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), Map.of());
        RouterNamespace namespace = RouterNamespace.add(router)) {
      Api api = new Api(service.base());
      api.awaitRouter(router);
      String helper = api.createHelper(router, "ftp", "tcp", 21);
      api.awaitStatus(router, helper, "ACTIVE");

      awaitReady(service);
      health(service, "started").statusCode(200).body("status", equalTo("UP"));
      health(service, "live").statusCode(200).body("status", equalTo("UP"));
      health(service, "ready")
          .statusCode(200)
          .body("checks.find { it.name == 'executor' }.data.namespaces", equalTo(1))
          .body("checks.find { it.name == 'executor' }.data.waiting", equalTo(0))
          .body("checks.find { it.name == 'reconciler' }.status", equalTo("UP"));
      // Two answers: the adopted router had no helper at first.
      assertThat(metric(service, "cthelper_commit_to_proven_seconds_count")).isPositive();
      assertThat(metric(service, "cthelper_commit_to_proven_seconds_bucket{le=\"30.0\"}"))
          .isEqualTo(metric(service, "cthelper_commit_to_proven_seconds_count"));
      assertThat(metric(service, "cthelper_answers_total{outcome=\"held\",reason=\"none\"}"))
          .isGreaterThanOrEqualTo(2);
      assertThat(metric(service, "cthelper_apply_seconds_count{outcome=\"held\"}"))
          .isGreaterThanOrEqualTo(2);
      assertThat(metric(service, "cthelper_namespaces{state=\"open\"}")).isEqualTo(1);
      assertThat(metric(service, "cthelper_namespaces{state=\"waiting\"}")).isZero();
      await("the placement is counted")
          .atMost(SOON)
          .until(() -> metric(service, "cthelper_placements{state=\"proven\"}") == 1);
      assertThat(namespace.ourTable()).contains(helper);
    }
  }

  @Test
  void aFailureIsCountedByItsReason() {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      namespace.load("table inet conntrack_helpers { comment \"somebody else's\"; }");
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        String helper = api.createHelper(router, "ftp", "tcp", 21);
        api.awaitStatus(router, helper, "ERROR");

        assertThat(
                metric(
                    service, "cthelper_answers_total{outcome=\"failed\",reason=\"foreign-table\"}"))
            .isPositive();
        await("the placement is counted")
            .atMost(SOON)
            .until(() -> metric(service, "cthelper_placements{state=\"failed\"}") == 1);
      }
    }
  }

  @Test
  void withoutItsDatabaseItIsAliveButNotReadyAndSaysWhy() throws IOException {
    try (DataFolder data = new DataFolder();
        EmbeddedPostgres database = EmbeddedPostgres.start();
        ServiceProcess service = ServiceProcess.start(data.path(), settings(database))) {
      awaitReady(service);

      stop(database);

      await("not ready")
          .atMost(SOON)
          .untilAsserted(() ->
              health(service, "ready")
                  .statusCode(503)
                  .body(
                      "checks.find { it.name == 'reconciler' }.data.reason",
                      startsWith("what is due cannot be read")));
      health(service, "live").statusCode(200).body("status", equalTo("UP"));
      assertThat(metricText(service)).contains("cthelper_placements{state=\"proven\"} NaN");
    }
  }

  @Test
  void rolesThatAreOffDoNotKeepItFromBeingReady() {
    try (DataFolder data = new DataFolder();
        ServiceProcess service =
            ServiceProcess.start(data.path(), Map.of("CTHELPER_ROLES", "api"))) {
      awaitReady(service);
      health(service, "ready").body("checks.name", hasItem("executor"));
    }
  }

  private static Map<String, String> settings(EmbeddedPostgres database) {
    return Map.of(
        "QUARKUS_DATASOURCE_JDBC_URL", database.getJdbcUrl("postgres", "postgres"),
        "QUARKUS_DATASOURCE_USERNAME", "postgres",
        "QUARKUS_DATASOURCE_PASSWORD", "postgres");
  }

  private static void stop(EmbeddedPostgres database) throws IOException {
    database.close();
  }

  /** The first lines are printed a moment before the last role runs. */
  private static void awaitReady(ServiceProcess service) {
    await("ready").atMost(SOON).untilAsserted(() -> health(service, "ready").statusCode(200));
  }

  private static ValidatableResponse health(ServiceProcess service, String kind) {
    return given().baseUri(service.management()).get("/q/health/" + kind).then();
  }

  private static String metricText(ServiceProcess service) {
    return given().baseUri(service.management()).get("/q/metrics").then().extract().asString();
  }

  /** The value of the line that begins with this name and these labels. */
  private static double metric(ServiceProcess service, String series) {
    return metricText(service)
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is not among the metrics"));
  }
}
