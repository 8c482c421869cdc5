package cthelper.api;

import static cthelper.api.NeutronFault.badRequest;

import cthelper.api.AttributeTable.Fields;
import cthelper.api.ValueType.Reading.Refused;
import cthelper.api.ValueType.Reading.Unreadable;
import cthelper.api.ValueType.Reading.Value;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  private final boolean isById;

  private ListQuery(AttributeTable<R> table, RequestAddress address) {
    this.table = table;
    this.fields = fields(address);
    this.order = Sorting.parse(table, address);
    this.paging = Paging.parse(address);
    this.isById = address.values(Sorting.KEY).isEmpty();
  }

  /**
   * @throws NeutronFault 400 for a key that is no filter and for a value that cannot be converted
   */
  static <R> ListQuery<R> parse(AttributeTable<R> table, RequestAddress address) {
    ListQuery<R> query = new ListQuery<>(table, address);
    Map<String, List<String>> filters = new LinkedHashMap<>(address.parameters());
    filters.keySet().removeAll(OF_LISTS);
    refuseUnknown(table, filters.keySet());
    filters.forEach((key, values) -> query.addFilter(table.named(key).orElseThrow(), values));
    return query;
  }

  private static void refuseUnknown(AttributeTable<?> table, Set<String> filters) {
    List<String> unknown =
        filters.stream()
            .filter(key -> table.named(key).filter(Attribute::isFilterable).isEmpty())
            .map(key -> "'" + Echo.of(key) + "'")
            .limit(10)
            .toList();
    if (!unknown.isEmpty()) {
      throw badRequest("[" + String.join(", ", unknown) + "] is invalid attribute for filtering");
    }
  }

  /** {@code fields} of a list or of a single resource; empty values count for nothing. */
  static Fields fields(RequestAddress address) {
    Set<String> names = new HashSet<>(address.values(FIELDS));
    names.remove("");
    return new Fields(Set.copyOf(names));
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

  /** The id of an item that decides which page it is, although it may not be in the list. */
  Optional<String> marker() {
    return paging.marker();
  }

  /**
   * What of these the answer carries: those that are wanted, in order, the right page.
   *
   * @param all in any order
   */
  Page<R> page(List<R> all) {
    List<R> accepted = all.stream().filter(this::accepts).sorted(order).toList();
    return paging.of(all, accepted, order, this::id);
  }

  /** Whether the ids alone decide the order. */
  boolean isById() {
    return isById;
  }

  /** How many items that are wanted, next to the marker, decide the page. */
  int enough() {
    return paging.enough();
  }

  /** Whether what comes last on the page is beside the marker. */
  boolean isBackwards() {
    return paging.isBackwards();
  }

  /** So many items of the page, those beside the marker; links lead to the others. */
  Page<R> shortened(Page<R> page, int items) {
    return paging.shortened(page, items, this::id);
  }

  private String id(R resource) {
    return String.valueOf(table.named(ID).orElseThrow().of(resource));
  }

  /** Whether it is wanted. */
  boolean accepts(R resource) {
    return wanted.entrySet().stream()
        .allMatch(filter -> filter.getValue().contains(filter.getKey().of(resource)));
  }
}
