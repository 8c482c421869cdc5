package cthelper.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The part of a list that one answer carries.
 *
 * @param links to the pages beside it, for example {@code [{"rel": "next", "href":
 *     "http://127.0.0.1:9696/v2.0/routers?limit=2&marker=5c9e…"}]}; empty when the list is not
 *     paged
 */
record Page<R>(List<R> items, Optional<List<Map<String, String>>> links) {

  Page {
    items = List.copyOf(items);
  }

  /** The same page with each item completed. */
  Page<R> map(UnaryOperator<R> completion) {
    return new Page<>(items.stream().map(completion).toList(), links);
  }
}
