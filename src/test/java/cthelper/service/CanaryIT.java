package cthelper.service;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.auth.KeystoneDouble;
import cthelper.lab.PrivateNetns;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * With every logger at DEBUG, those that are usually silenced too, no secret gets into the log:
 * tokens, the passwords for Keystone and PostgreSQL and what is in bodies all hold the same word.
 */
@ExtendWith(PrivateNetns.class)
class CanaryIT {

  private static final String WORD = "canary";
  private static final String DATABASE_PASSWORD = "canary-password-of-the-database";
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void noSecretIsInTheLog() throws IOException {
    try (KeystoneDouble keystone = new KeystoneDouble();
        DataFolder data = new DataFolder()) {
      Files.writeString(data.path().resolve("postgres-password"), DATABASE_PASSWORD + "\n");
      try (ServiceProcess service = talkative(data, keystone.url(), Map.of())) {
        live(service, keystone);
        assertThat(keystone.logins()).isEqualTo(1);
        assertSecretsAreKept(service, data);

        String database = Files.readAllLines(data.postmasterPid()).get(3);
        withTheDatabaseOfAnother(database, keystone);
      }
    }
  }

  /** The password as part of the address, as some write it. */
  private static void withTheDatabaseOfAnother(String port, KeystoneDouble keystone)
      throws IOException {
    String url =
        "jdbc:postgresql://127.0.0.1:%s/postgres?user=postgres&password=%s"
            .formatted(port, DATABASE_PASSWORD);
    Map<String, String> settings =
        Map.of("QUARKUS_DATASOURCE_JDBC_URL", url, "CTHELPER_ROLES", "api,reconciler");
    try (DataFolder data = new DataFolder();
        ServiceProcess service = talkative(data, keystone.url(), settings)) {
      live(service, keystone);
      assertSecretsAreKept(service, data);
    }
  }

  private static void assertSecretsAreKept(ServiceProcess service, DataFolder data)
      throws IOException {
    assertThat(service.output())
        .contains(
            " FINE  [o.p.Driver]", " DEBUG [o.h.", " DEBUG [i.q.", "conntrack helper created: ");
    assertThat(service.output().lines().filter(line -> line.contains(WORD))).isEmpty();
    Path log = data.path().resolve("postgres.log");
    if (Files.exists(log)) {
      assertThat(Files.readString(log, ISO_8859_1)).doesNotContain(WORD);
    }
  }

  /** A life of a helper, and everything that can be wrong about a request. */
  private static void live(ServiceProcess service, KeystoneDouble keystone) {
    Caller member = new Caller(service.base(), keystone.token("p1", HOUR, "member"));
    Caller stranger = new Caller(service.base(), keystone.token("p2", HOUR, "member"));
    Caller nobody = new Caller(service.base(), "canary-token-that-nobody-gave");
    String routers = "/v2.0/routers";
    String id =
        member
            .post(routers, "{\"router\":{\"name\":\"r\",\"description\":\"canary-in-body\"}}", 201)
            .path("router.id");
    String helpers = routers + "/" + id + "/conntrack_helpers";
    String ftp = "{\"conntrack_helper\":{\"protocol\":\"tcp\",\"port\":21,\"helper\":\"ftp\"}}";
    String helper = member.post(helpers, ftp, 201).path("conntrack_helper.id");
    member.post(helpers, ftp, 400);
    member.post(helpers, "{\"conntrack_helper\": canary-in-body", 400);
    member.post(helpers, "{\"conntrack_helper\":{\"canary-in-body\":1}}", 400);
    member.post(helpers, ftp.replace("\"ftp\"", "\"canary-in-body\""), 400);
    member.post(helpers, ftp.replace("21", "\"canary-in-body\""), 400);
    member.post(routers, "{\"router\":{\"id\":\"canary-in-body\"}}", 400);
    member.post(routers, "{\"router\":{\"project_id\":\"canary-in-body\"}}", 400);
    member.post(routers, "{\"router\":{\"name\":\"" + "canary-in-body".repeat(99) + "\"}}", 400);
    stranger.post(helpers, ftp, 403);
    nobody.post(helpers, ftp, 401);
    member
        .with()
        .body("{\"conntrack_helper\":{\"port\":2121}}")
        .put(helpers + "/" + helper)
        .then()
        .statusCode(200);
    member.with().delete(helpers + "/" + helper).then().statusCode(204);
    member.with().delete(routers + "/" + id).then().statusCode(204);
    member.with().get(routers + "/" + UUID.randomUUID()).then().statusCode(404);
    keystone.failWith(500);
    new Caller(service.base(), keystone.token("p3", HOUR, "member")).post(helpers, ftp, 503);
    keystone.failWith(0);
  }

  private record Caller(String base, String token) {

    RequestSpecification with() {
      return given().baseUri(base).header("X-Auth-Token", token);
    }

    Response post(String path, String body, int expected) {
      Response answer = with().body(body).post(path);
      assertThat(answer.statusCode()).as(body + answer.asString()).isEqualTo(expected);
      return answer;
    }
  }

  private static ServiceProcess talkative(
      DataFolder data, String keystone, Map<String, String> more) throws IOException {
    Map<String, String> settings = new TreeMap<>(more);
    settings.put("CTHELPER_AUTH", "keystone");
    settings.put("CTHELPER_KEYSTONE_URL", keystone);
    settings.put("CTHELPER_KEYSTONE_USERNAME", KeystoneDouble.USERNAME);
    settings.put("CTHELPER_KEYSTONE_PASSWORD", KeystoneDouble.PASSWORD);
    settings.put("CTHELPER_KEYSTONE_PROJECT", KeystoneDouble.PROJECT);
    settings.put("QUARKUS_LOG_LEVEL", "DEBUG");
    List<String> options = new ArrayList<>(Prepared.options());
    options.add("-XX:+UseSerialGC");
    silencedLevels().forEach(level -> options.add("-D" + level + "=DEBUG"));
    return ServiceProcess.launch(List.of(), options, data.path(), settings).awaitReady();
  }

  /** The settings by which some loggers usually say less than others. */
  private static List<String> silencedLevels() throws IOException {
    Properties defaults = new Properties();
    try (InputStream file =
        CanaryIT.class.getClassLoader().getResourceAsStream("application.properties")) {
      defaults.load(file);
    }
    List<String> levels =
        defaults.stringPropertyNames().stream()
            .filter(name -> name.matches("quarkus\\.log\\.category\\..*\\.level"))
            .toList();
    assertThat(levels).isNotEmpty();
    return levels;
  }
}
