package cthelper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * What an attribute takes, in a body as well as in a filter: neutron-lib's {@code convert_to} and
 * {@code validate} in one. The kinds there are: {@link ValueTypes}.
 *
 * @param <V> what it becomes
 */
@FunctionalInterface
interface ValueType<V> {

  Reading<V> read(JsonNode given);

  default Reading<V> read(String parameter) {
    return read(TextNode.valueOf(parameter));
  }

  /** What came of reading a value. */
  sealed interface Reading<V> {

    record Value<V>(V value) implements Reading<V> {}

    /**
     * Of the right kind, but no such value is taken: 400 in a body; in a filter simply nothing has
     * it. Example: port 70000.
     */
    record Refused<V>(String reason) implements Reading<V> {}

    /** Not of this kind at all: 400 everywhere. Example: port {@code "abc"}. */
    record Unreadable<V>(String problem) implements Reading<V> {}
  }
}
