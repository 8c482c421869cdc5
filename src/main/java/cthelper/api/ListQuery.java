package cthelper.api;

import static cthelper.api.NeutronFault.badRequest;

import cthelper.api.AttributeTable.Fields;
import cthelper.api.ValueType.Reading.Refused;
import cthelper.api.ValueType.Reading.Unreadable;
import cthelper.api.ValueType.Reading.Value;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The query of a list: filters by attribute, {@code fields}, {@link Sorting} and {@link Paging}.
 * The same filter repeated means or, different ones mean and; values are converted like those of a
 * body.
 *
 * <p>Example: {@code ?protocol=udp&port=69&port=5060&fields=id&limit=10}.
 */
final class ListQuery<R> {

  private static final String FIELDS = "fields";
  private static final String ID = "id";

  /** Keys that are no filters. */
  private static final Set<String> OF_LISTS =
      Set.of(FIELDS, Sorting.KEY, Sorting.DIRECTION, Paging.LIMIT, Paging.MARKER, Paging.REVERSE);

  private final AttributeTable<R> table;
  private final Map<Attribute<R, ?>, Set<Object>> wanted = new HashMap<>();
  private final Fields fields;
  private final Comparator<R> order;
  private final Paging paging;

  private ListQuery(AttributeTable<R> table, UriInfo uri) {
    this.table = table;
    this.fields = fields(uri);
    this.order = Sorting.parse(table, uri.getQueryParameters());
    this.paging = Paging.parse(uri);
  }

  /**
   * @throws NeutronFault 400 for a key that is no filter and for a value that cannot be converted
   */
  static <R> ListQuery<R> parse(AttributeTable<R> table, UriInfo uri) {
    ListQuery<R> query = new ListQuery<>(table, uri);
    uri.getQueryParameters()
        .forEach((key, values) -> {
          if (!OF_LISTS.contains(key)) {
            query.addFilter(filter(table, key), values);
          }
        });
    return query;
  }

  /** {@code fields} of a list or of a single resource; empty values count for nothing. */
  static Fields fields(UriInfo uri) {
    MultivaluedMap<String, String> parameters = uri.getQueryParameters();
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

  /**
   * What of these the answer carries: those that are wanted, in order, the right page.
   *
   * @param all in any order
   */
  Page<R> page(List<R> all) {
    List<R> accepted = all.stream().filter(this::accepts).sorted(order).toList();
    Attribute<R, ?> id = table.named(ID).orElseThrow();
    return paging.of(all, accepted, order, item -> String.valueOf(id.of(item)));
  }

  private boolean accepts(R resource) {
    return wanted.entrySet().stream()
        .allMatch(filter -> filter.getValue().contains(filter.getKey().of(resource)));
  }
}
