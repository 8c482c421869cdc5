package cthelper.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description of the API: served, committed, whole. */
@QuarkusTest
class OpenApiTest {

  private static final Set<String> BEFORE_IT_IS_A_REQUEST =
      Set.of("AddressTooLong", "HeadersTooLarge");

  private static final Path COMMITTED = Path.of("openapi/openapi.yaml");

  @Test
  void committedDocumentIsTheServedOne() throws IOException {
    assertThat(Files.readString(COMMITTED))
        .as(COMMITTED + " is not what the service serves; './run openapi' writes it anew")
        .isEqualTo(given().get("/openapi").then().statusCode(200).extract().asString());
  }

  @Test
  void everyOperationSaysWhatItIs() {
    JsonNode document = document();

    assertThat(operations(document))
        .hasSize(20)
        .allSatisfy(operation -> {
          assertThat(operation.path("operationId").asText()).matches("[a-z][A-Za-z]+");
          assertThat(operation.path("summary").asText()).isNotEmpty();
          assertThat(operation.path("tags")).hasSize(1);
          assertThat(Set.copyOf(document.at("/tags").findValuesAsText("name")))
              .contains(operation.at("/tags/0").asText());
          assertThat(operation.path("responses").propertyStream()).hasSizeGreaterThan(2);
        });
    assertThat(operations(document).map(operation -> operation.path("operationId").asText()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    JsonNode document = document();

    assertThat(document.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference -> assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse());
  }

  @Test
  void everyAnswerCarriesItsRequestId() {
    assertThat(document().at("/components/responses").propertyStream())
        .isNotEmpty()
        .filteredOn(answer -> !BEFORE_IT_IS_A_REQUEST.contains(answer.getKey()))
        .allSatisfy(answer ->
            assertThat(answer.getValue().at("/headers/X-Openstack-Request-Id/$ref").asText())
                .isEqualTo("#/components/headers/RequestId"));
  }

  @Test
  void everyOperationHasTheAnswersOfTheServer() {
    assertThat(operations(document()))
        .allSatisfy(operation -> {
          assertThat(operation.at("/responses/414/$ref").asText()).endsWith("/AddressTooLong");
          assertThat(operation.at("/responses/431/$ref").asText()).endsWith("/HeadersTooLarge");
        });
  }

  @Test
  void swaggerUiIsServed() {
    given().get("/swagger-ui/").then().statusCode(200).body(containsString("swagger-ui-bundle.js"));
  }

  /** An example of {@code components/responses}. */
  static JsonNode answer(String component, String example) {
    return document()
        .path("components")
        .path("responses")
        .path(component)
        .at("/content/application~1json/examples")
        .required(example)
        .required("value");
  }

  /** The served document. */
  static JsonNode document() {
    try {
      return new ObjectMapper()
          .readTree(
              given().get("/openapi?format=json").then().statusCode(200).extract().asString());
    } catch (IOException e) {
      throw new AssertionError("the document is no JSON", e);
    }
  }

  private static Stream<JsonNode> operations(JsonNode document) {
    return document.path("paths").valueStream().flatMap(JsonNode::valueStream);
  }
}
