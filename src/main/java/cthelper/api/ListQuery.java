package cthelper.api;

import static cthelper.api.NeutronFault.badRequest;

import cthelper.api.AttributeTable.Fields;
import cthelper.api.ValueType.Reading.Refused;
import cthelper.api.ValueType.Reading.Unreadable;
import cthelper.api.ValueType.Reading.Value;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The query of a list: filters by attribute and {@code fields}. The same key repeated means or,
 * different keys mean and; values are converted like those of a body.
 *
 * <p>Example: {@code ?protocol=udp&port=69&port=5060&fields=id}.
 */
final class ListQuery<R> {

  private static final String FIELDS = "fields";

  /** Neutron's words for sorting and paging; refused, because ignoring them would be a lie. */
  private static final Set<String> UNSUPPORTED =
      Set.of("sort_key", "sort_dir", "limit", "marker", "page_reverse");

  private final Map<Attribute<R, ?>, Set<Object>> wanted = new HashMap<>();
  private final Fields fields;

  private ListQuery(Fields fields) {
    this.fields = fields;
  }

  /**
   * @throws NeutronFault 400 for a key that is no filter and for a value that cannot be converted
   */
  static <R> ListQuery<R> parse(
      AttributeTable<R> table, MultivaluedMap<String, String> parameters) {
    ListQuery<R> query = new ListQuery<>(fields(parameters));
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      String key = parameter.getKey();
      if (UNSUPPORTED.contains(key)) {
        throw badRequest("Query parameter '" + key + "' is not supported by this service");
      }
      if (!key.equals(FIELDS)) {
        query.addFilter(filter(table, key), parameter.getValue());
      }
    }
    return query;
  }

  /** {@code fields} of a list or of a single resource; empty values count for nothing. */
  static Fields fields(MultivaluedMap<String, String> parameters) {
    Set<String> names = new HashSet<>(parameters.getOrDefault(FIELDS, List.of()));
    names.remove("");
    return new Fields(Set.copyOf(names));
  }

  private static <R> Attribute<R, ?> filter(AttributeTable<R> table, String key) {
    return table
        .named(key)
        .filter(Attribute::isFilterable)
        .orElseThrow(
            () -> badRequest("['" + Echo.of(key) + "'] is invalid attribute for filtering"));
  }

  private <V> void addFilter(Attribute<R, V> attribute, List<String> values) {
    Set<Object> read = new HashSet<>();
    for (String value : values) {
      switch (attribute.type().read(value)) {
        case Value<V>(V one) -> read.add(one);
        case Refused<V>(String reason) -> {
          // No resource can have such a value, so this alternative adds none.
        }
        case Unreadable<V>(String problem) -> throw NeutronFault.invalidInput(problem);
      }
    }
    wanted.put(attribute, read);
  }

  Fields fields() {
    return fields;
  }

  /** The wanted values of an attribute; nothing when the query does not filter by it. */
  @SuppressWarnings("unchecked") // addFilter() lets only values of the attribute's type in
  <V> Optional<Set<V>> wanted(Attribute<R, V> attribute) {
    return Optional.ofNullable((Set<V>) (Set<?>) wanted.get(attribute));
  }

  boolean accepts(R resource) {
    return wanted.entrySet().stream()
        .allMatch(filter -> filter.getValue().contains(filter.getKey().of(resource)));
  }
}
