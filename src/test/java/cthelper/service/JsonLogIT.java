package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.lab.PrivateNetns;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As JSON the log is one object in each line, from the first line on, whatever users write. */
@ExtendWith(PrivateNetns.class)
class JsonLogIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line break, a record, and two more characters that some take for line breaks. */
  private static final String ROUTER =
      """
      {"router": {"name": "r\\n{\\"level\\":\\"INFO\\",\\"message\\":\\"forged\\"}\\u0085\\u2028x"}}\
      """;

  @Test
  void eachLineIsOneObject() {
    try (DataFolder data = new DataFolder();
        ServiceProcess service =
            ServiceProcess.start(
                data.path(), settings("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true"))) {
      Response made = given().baseUri(service.base()).body(ROUTER).post("/v2.0/routers");
      made.then().statusCode(201);
      service.stop();

      List<JsonNode> records = service.output().lines().map(JsonLogIT::record).toList();
      assertThat(records)
          .isNotEmpty()
          .allMatch(record -> record.has("timestamp"))
          .allMatch(record -> record.has("level"))
          .noneMatch(record -> record.path("message").asText().equals("forged"));
      assertThat(records)
          .filteredOn(record -> record.path("message").asText().startsWith("router created: "))
          .singleElement()
          .satisfies(record -> {
            assertThat(record.at("/mdc/requestId").asText())
                .isEqualTo(made.header("X-Openstack-Request-Id"));
            assertThat(record.path("message").asText())
                .contains("name=\"r\\n{\\\"level\\\":\\\"INFO\\\"")
                .contains(" by=anyone of=fake_project_id");
          });
    }
  }

  private static JsonNode record(String line) {
    try {
      JsonNode record = JSON.readTree(line);
      assertThat(record.isObject()).as(line).isTrue();
      return record;
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
