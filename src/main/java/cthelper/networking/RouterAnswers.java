package cthelper.networking;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.model.RouterId;
import cthelper.networking.NetworkingAnswer.Has;
import cthelper.networking.NetworkingAnswer.HasNot;
import cthelper.networking.NetworkingServiceAway.NoSense;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the Networking service says about a router, strictly: what it does not say in its own
 * words is not believed. Pure.
 *
 * <p>Examples: {@code {"router": {"id": "5c9e…", "name": "edge", "project_id": "9f0c…"}}} with 200,
 * {@code {"NeutronError": {"type": "RouterNotFound", …}}} with 404.
 */
final class RouterAnswers {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As long as Neutron's columns. */
  private static final int LONGEST = 255;

  private RouterAnswers() {}

  static NetworkingAnswer found(RouterId id, String body) {
    RemoteRouter router = router(read(body).path("router"));
    if (!router.id().equals(id)) {
      throw new NoSense("its answer is not about the router that was asked for");
    }
    return new Has(router);
  }

  static List<RemoteRouter> named(NamesQuestion question, String body) {
    JsonNode list = read(body).path("routers");
    if (!list.isArray()) {
      throw new NoSense("its answer has no list of routers");
    }
    List<RemoteRouter> routers = list.valueStream().map(RouterAnswers::router).toList();
    if (!routers.stream().allMatch(question::isAbout)) {
      throw new NoSense("its answer has routers that were not asked for");
    }
    return routers;
  }

  private static RemoteRouter router(JsonNode router) {
    RouterId id =
        text(router, "id")
            .flatMap(RouterId::parse)
            .orElseThrow(() -> new NoSense("its answer does not say which router it is about"));
    String project =
        text(router, "project_id")
            .or(() -> text(router, "tenant_id")) // its older name
            .filter(value -> !value.isEmpty())
            .orElseThrow(() -> new NoSense("its answer does not say whose the router is"));
    String name =
        text(router, "name").orElseThrow(() -> new NoSense("its answer has no name of the router"));
    return new RemoteRouter(id, project, name);
  }

  /** A wrong address answers 404 too, and a proxy in front: neither knows what there is. */
  static NetworkingAnswer notFound(String body) {
    if (!read(body).at("/NeutronError/type").asText("").equals("RouterNotFound")) {
      throw new NoSense(
          "it answered 404, but not that there is no such router: is cthelper.networking.url right,"
              + " and may the service's user see all routers?");
    }
    return new HasNot();
  }

  private static JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new NoSense("its answer is no JSON");
    }
  }

  /** PostgreSQL has no place for the character 0. */
  private static Optional<String> text(JsonNode router, String attribute) {
    JsonNode value = router.path(attribute);
    return value.isTextual()
            && value.asText().length() <= LONGEST
            && value.asText().indexOf('\0') < 0
        ? Optional.of(value.asText())
        : Optional.empty();
  }
}
