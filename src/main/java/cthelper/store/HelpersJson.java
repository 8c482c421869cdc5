package cthelper.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a node's kernel has, as the database keeps it.
 *
 * <p>Example: {@code [{"type": "ftp:tcp", "families": [2, 10]}, {"type": "irc:tcp", "families":
 * [2]}]}. Types that this version does not know are skipped.
 */
final class HelpersJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private HelpersJson() {}

  static String write(Map<HelperType, Set<AddressFamily>> helpers) {
    ArrayNode array = JSON.createArrayNode();
    for (HelperType type : HelperCatalog.all()) {
      Set<AddressFamily> families = helpers.getOrDefault(type, Set.of());
      if (!families.isEmpty()) {
        ObjectNode object = array.addObject();
        object.put("type", type.toString());
        ArrayNode numbers = object.putArray("families");
        families.stream().map(AddressFamily::number).sorted().forEach(numbers::add);
      }
    }
    return array.toString();
  }

  static Map<HelperType, Set<AddressFamily>> read(String json) {
    Map<String, HelperType> known = new LinkedHashMap<>();
    HelperCatalog.all().forEach(type -> known.put(type.toString(), type));
    Map<HelperType, Set<AddressFamily>> helpers = new LinkedHashMap<>();
    try {
      for (JsonNode object : JSON.readTree(json)) {
        HelperType type = known.get(object.path("type").asText());
        if (type != null) {
          helpers.put(type, families(object.path("families")));
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a node's helpers are not what was written", e);
    }
    return helpers;
  }

  static Set<AddressFamily> families(JsonNode numbers) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (JsonNode number : numbers) {
      for (AddressFamily family : AddressFamily.values()) {
        if (family.number() == number.asInt()) {
          families.add(family);
        }
      }
    }
    return families;
  }
}
