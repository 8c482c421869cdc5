package cthelper.api;

import static cthelper.api.Wire.get;
import static cthelper.api.Wire.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks along the links that pages of a list give. */
final class Pages {

  private Pages() {}

  /**
   * The ids of all pages from the first one on.
   *
   * @param list the member of the answer that has the items
   * @param path of the first page, with a limit
   */
  static List<String> walk(String list, String path) {
    return walk(list, path, "next", false);
  }

  /** The same from the last page back to the first one; in the order of the list all the same. */
  static List<String> walkBackwards(String list, String path) {
    return walk(list, path + "&page_reverse=True", "previous", true);
  }

  private static List<String> walk(String list, String from, String relation, boolean backwards) {
    List<String> seen = new ArrayList<>();
    Optional<String> next = Optional.of(from);
    while (next.isPresent()) {
      JsonNode page = json(get(next.get()).statusCode(200));
      seen.addAll(backwards ? 0 : seen.size(), page.path(list).findValuesAsText("id"));
      next =
          page.path(list + "_links")
              .valueStream()
              .filter(link -> link.path("rel").asText().equals(relation))
              .map(link -> link.path("href").asText())
              .findFirst();
    }
    return seen;
  }
}
