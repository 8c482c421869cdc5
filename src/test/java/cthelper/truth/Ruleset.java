package cthelper.truth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cthelper.lab.LabNamespace;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code nft -j list ruleset} prints in a namespace. Version 1.0.6 prints everything our table
 * has but its comment, the elements of the map too:
 *
 * <pre>
 * {"map": {"family": "inet", "name": "assign", "table": "conntrack_helpers",
 *   "type": ["inet_proto", "inet_service"], "map": "ct helper",
 *   "elem": [[{"elem": {"val": {"concat": ["tcp", 21]}, "comment": "5c9e…"}}, "ftp-tcp"]]}}
 * </pre>
 *
 * @param assignments the elements of our map: {@code tcp 21} to {@code ftp-tcp 5c9e…}
 * @param skeleton everything else in our table, one JSON text each, in no order
 * @param others everything of other tables, likewise
 */
public record Ruleset(Map<String, String> assignments, Set<String> skeleton, Set<String> others) {

  private static final String OURS = "conntrack_helpers";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Without our table and without those of others. */
  static final Ruleset EMPTY = new Ruleset(Map.of(), Set.of(), Set.of());

  /** Read here and now; empty when there is no such namespace. */
  public static Optional<Ruleset> of(LabNamespace namespace) {
    if (!namespace.exists()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(namespace.command("nft", "-j", "list", "ruleset").run()));
    } catch (IllegalStateException e) {
      if (namespace.exists()) {
        throw e;
      }
      return Optional.empty(); // deleted meanwhile
    }
  }

  static Ruleset parse(String text) {
    Map<String, String> assignments = new TreeMap<>();
    Set<String> skeleton = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    for (JsonNode item : read(text).path("nftables")) {
      if (!item.has("metainfo")) {
        ObjectNode content = (ObjectNode) item.elements().next();
        content.remove("handle");
        boolean isTable = item.has("table");
        boolean isOurs = content.path(isTable ? "name" : "table").asText().equals(OURS);
        if (isOurs) {
          ours(item, content, assignments);
        }
        (isOurs ? skeleton : others).add(item.toString());
      }
    }
    return new Ruleset(assignments, skeleton, others);
  }

  /** Takes out what differs from one router to another: flags, elements, the fence. */
  private static void ours(JsonNode item, ObjectNode content, Map<String, String> assignments) {
    String name = content.path("name").asText();
    if (item.has("table")) {
      if (!content.path("flags").toString().contains("dormant")) {
        content.remove("flags");
      }
    } else if (item.has("map") && name.equals("assign")) {
      JsonNode elements = content.path("elem");
      elements.forEach(element -> assign(element, assignments));
      content.remove("elem");
    } else if (item.has("set") && name.equals("fence")) {
      content.put("elem", content.path("elem").size());
    }
  }

  private static void assign(JsonNode element, Map<String, String> assignments) {
    JsonNode left =
        element.path(0).path("elem").isMissingNode()
            ? element.path(0)
            : element.path(0).path("elem");
    JsonNode key = left.has("val") ? left.path("val").path("concat") : left.path("concat");
    assignments.put(
        key.path(0).asText() + " " + key.path(1).asText(),
        element.path(1).asText() + " " + left.path("comment").asText());
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}
