package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A change of the API that breaks clients fails the build. */
class BreakingChangesTest {

  private static JsonNode read(String name) {
    try {
      return new YAMLMapper().readTree(Path.of("openapi", name).toFile());
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  @Test
  void clientsOfTheLastAcceptedDescriptionGoOnWorking() {
    assertThat(BreakingChanges.between(read("accepted.yaml"), read("openapi.yaml")))
        .as("copy openapi.yaml over accepted.yaml if that is meant, and say so to users")
        .isEmpty();
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("get /v2.0/ports is gone", all -> object(all, "/paths").remove("/v2.0/ports")),
        change(
            "delete /v2.0/agents/{id} 409 is gone",
            all -> object(all, "/paths/~1v2.0~1agents~1{id}/delete/responses").remove("409")),
        change(
            "get /v2.0/agents takes query parameter host no more",
            all -> ((ArrayNode) all.at("/paths/~1v2.0~1agents/get/parameters")).remove(4)),
        change(
            "get /v2.0/agents/{id} 200.agent has host no more",
            all -> object(all, "/components/schemas/Agent/properties").remove("host")),
        change(
            "get /v2.0/agents/{id} 200.agent.alive is of another type",
            all -> object(all, "/components/schemas/Agent/properties/alive").put("type", "string")),
        change(
            "put /v2.0/routers/{id} body.router takes ha no more",
            all -> object(all, "/components/schemas/RouterAttributes/properties").remove("ha")),
        change(
            "put /v2.0/routers/{id} body.router requires name",
            all ->
                object(all, "/components/schemas/RouterAttributes")
                    .putArray("required")
                    .add("name")),
        change(
            "get /v2.0/agents query parameter sort_dir takes the value asc no more",
            all ->
                ((ArrayNode) all.at("/components/parameters/SortDir/schema/items/enum")).remove(0)),
        change(
            "delete /v2.0/routers/{id} requires header parameter If-Match",
            all -> object(all, "/components/parameters/IfMatch").put("required", true)));
  }

  private static Arguments change(String expected, Consumer<JsonNode> change) {
    return Arguments.of(expected, change);
  }

  private static ObjectNode object(JsonNode document, String pointer) {
    return (ObjectNode) document.at(pointer);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void isSeen(String expected, Consumer<JsonNode> change) {
    JsonNode changed = read("openapi.yaml").deepCopy();
    change.accept(changed);
    assertThat(BreakingChanges.between(read("openapi.yaml"), changed)).contains(expected);
  }

  @Test
  void whatIsAddedBreaksNobody() {
    JsonNode changed = read("openapi.yaml").deepCopy();
    object(changed, "/components/schemas/Agent/properties").putObject("more").put("type", "string");
    object(changed, "/paths").putObject("/v2.0/more").putObject("get");
    assertThat(BreakingChanges.between(read("openapi.yaml"), changed)).isEqualTo(List.of());
  }
}
