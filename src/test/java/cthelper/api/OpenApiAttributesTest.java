package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import cthelper.api.Attribute.Presence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperStatus;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document names the attributes that the attribute tables have, no more and no fewer. */
@QuarkusTest
class OpenApiAttributesTest {

  private static final Set<String> OF_LISTS =
      Set.of("fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse");

  private static final String ROUTERS = "/paths/~1v2.0~1routers";
  private static final String HELPERS = ROUTERS + "~1{router_id}~1conntrack_helpers";

  record Resource(String component, String collection, AttributeTable<?> table) {

    private List<String> names(Predicate<Attribute<?, ?>> condition) {
      return table.attributes().stream().filter(condition).map(Attribute::name).toList();
    }

    private Stream<String> bodyAttributes(JsonNode document, String kind) {
      JsonNode body =
          document
              .at("/components/requestBodies/" + component + kind)
              .at("/content/application~1json/schema");
      JsonNode ofOne = body.path("oneOf").isMissingNode() ? body : body.at("/oneOf/0");
      JsonNode schema = ofOne.at("/properties/" + table.resource());
      return schema.isMissingNode() ? Stream.empty() : attributes(document, schema);
    }
  }

  static Stream<Resource> resources() {
    return Stream.of(
        new Resource("Router", ROUTERS, ShownRouter.TABLE),
        new Resource("ConntrackHelper", HELPERS, ShownHelper.TABLE),
        new Resource("Agent", "/paths/~1v2.0~1agents", ShownAgent.TABLE));
  }

  private JsonNode document = MissingNode.getInstance();

  @BeforeEach
  void readDocument() {
    document = OpenApiTest.document();
  }

  @ParameterizedTest
  @MethodSource("resources")
  void answersCarryThem(Resource resource) {
    assertThat(attributes(document, document.at("/components/schemas/" + resource.component)))
        .containsExactlyElementsOf(resource.names(Attribute::isShown));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void createMayNameThem(Resource resource) {
    assertThat(resource.bodyAttributes(document, "Create"))
        .containsExactlyInAnyOrderElementsOf(
            resource.names(attribute -> attribute.onCreate() != Presence.REFUSED));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void updateMayNameThem(Resource resource) {
    assertThat(resource.bodyAttributes(document, "Update"))
        .containsExactlyInAnyOrderElementsOf(
            resource.names(attribute -> attribute.onUpdate() != Presence.REFUSED));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void listsAreFilteredByThem(Resource resource) {
    assertThat(
            document
                .at(resource.collection + "/get/parameters")
                .valueStream()
                .map(parameter -> resolved(document, parameter))
                .filter(parameter -> parameter.path("in").asText().equals("query"))
                .map(parameter -> parameter.path("name").asText())
                .filter(name -> !OF_LISTS.contains(name)))
        .containsExactlyElementsOf(resource.names(Attribute::isFilterable));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void listsAreSortedByThem(Resource resource) {
    assertThat(
            document
                .at(resource.collection + "/get/parameters")
                .valueStream()
                .map(parameter -> resolved(document, parameter))
                .filter(parameter -> parameter.path("name").asText().equals("sort_key"))
                .flatMap(parameter -> parameter.at("/schema/items/enum").valueStream())
                .map(JsonNode::asText))
        .containsExactlyElementsOf(resource.names(Attribute::isSortable));
  }

  @Test
  void valuesAreThoseOfTheModel() {
    String helper = "/components/schemas/ConntrackHelperAttributes/properties/helper/enum";
    String protocol = "/components/schemas/ConntrackHelperAttributes/properties/protocol/enum";
    String status = "/components/schemas/ConntrackHelper/allOf/2/properties/status/enum";

    assertThat(values(helper))
        .containsExactlyElementsOf(
            HelperCatalog.all().stream().map(HelperType::name).distinct().toList());
    assertThat(values(protocol))
        .containsExactlyElementsOf(
            Arrays.stream(Protocol.values()).map(Protocol::wireName).toList());
    assertThat(values(status))
        .containsExactlyElementsOf(
            Arrays.stream(HelperStatus.State.values()).map(Enum::name).toList());
  }

  private List<String> values(String pointer) {
    return document.at(pointer).valueStream().map(JsonNode::asText).toList();
  }

  /** The names of a schema's properties, those of its parts included, in their order. */
  private static Stream<String> attributes(JsonNode document, JsonNode schema) {
    JsonNode meant = resolved(document, schema);
    return Stream.concat(
        meant.path("allOf").valueStream().flatMap(part -> attributes(document, part)),
        meant.path("properties").propertyStream().map(property -> property.getKey()));
  }

  private static JsonNode resolved(JsonNode document, JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : document.at(reference.asText().substring(1));
  }
}
