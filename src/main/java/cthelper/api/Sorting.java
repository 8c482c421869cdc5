package cthelper.api;

import static cthelper.api.NeutronFault.badRequest;

import java.util.Comparator;
import java.util.List;

/**
 * The order of a list: query parameters {@code sort_key} and {@code sort_dir}, repeatable and
 * paired. The id, ascending, is always the last key, so that no two items are equal.
 *
 * <p>Example: {@code ?sort_key=protocol&sort_dir=desc&sort_key=port&sort_dir=asc}.
 */
final class Sorting {

  static final String KEY = "sort_key";
  static final String DIRECTION = "sort_dir";

  private static final String ID = "id";
  private static final List<String> DIRECTIONS = List.of("asc", "desc");

  private Sorting() {}

  /**
   * @throws NeutronFault 400 for an unknown key or direction, and for numbers of both that differ
   */
  static <R> Comparator<R> parse(AttributeTable<R> table, RequestAddress address) {
    List<String> keys = address.values(KEY);
    List<String> directions = address.values(DIRECTION);
    if (keys.size() != directions.size()) {
      throw badRequest("The number of sort_keys and sort_dirs must be same");
    }
    Comparator<R> order = table.named(ID).orElseThrow().order();
    for (int i = keys.size() - 1; i >= 0; i--) {
      Comparator<R> byKey = attribute(table, keys.get(i)).order();
      order = (isDescending(directions.get(i)) ? byKey.reversed() : byKey).thenComparing(order);
    }
    return order;
  }

  private static <R> Attribute<R, ?> attribute(AttributeTable<R> table, String key) {
    return table
        .named(key)
        .filter(Attribute::isSortable)
        .orElseThrow(
            () -> badRequest("['" + Echo.of(key) + "'] is invalid attribute for sort_keys"));
  }

  private static boolean isDescending(String direction) {
    if (!DIRECTIONS.contains(direction)) {
      throw badRequest(
          "['"
              + Echo.of(direction)
              + "'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'");
    }
    return direction.equals("desc");
  }
}
