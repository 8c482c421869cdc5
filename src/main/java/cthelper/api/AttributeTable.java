package cthelper.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All attributes of a resource in the order of the contract's checks, as neutron-lib has them in
 * its attribute maps. {@link BodyReader} walks it to read bodies, {@link ListQuery} to read
 * filters, and answers are made from it. Immutable.
 *
 * @param resource the envelope's key, for example {@code router}
 * @param collection the key of lists, for example {@code routers}
 */
record AttributeTable<R>(String resource, String collection, List<Attribute<R, ?>> attributes) {

  AttributeTable {
    attributes = List.copyOf(attributes);
  }

  /** The same without these. */
  AttributeTable<R> without(Set<Attribute<R, ?>> some) {
    return new AttributeTable<>(
        resource,
        collection,
        attributes.stream().filter(attribute -> !some.contains(attribute)).toList());
  }

  Optional<Attribute<R, ?>> named(String name) {
    return attributes.stream().filter(attribute -> attribute.name().equals(name)).findFirst();
  }

  /** {@code {"router": {...}}}. */
  Map<String, Object> envelope(R shown, Fields fields) {
    return Map.of(resource, object(shown, fields));
  }

  /** {@code {"routers": [{...}, ...]}}. */
  Map<String, Object> envelope(List<R> shown, Fields fields) {
    return Map.of(collection, objects(shown, fields));
  }

  /** {@code {"routers": [{...}, ...], "routers_links": [{"rel": "next", "href": "..."}]}}. */
  Map<String, Object> envelope(Page<R> page, Fields fields) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put(collection, objects(page.items(), fields));
    page.links().ifPresent(links -> envelope.put(collection + "_links", links));
    return envelope;
  }

  private List<Map<String, @Nullable Object>> objects(List<R> shown, Fields fields) {
    return shown.stream().map(each -> object(each, fields)).toList();
  }

  private Map<String, @Nullable Object> object(R shown, Fields fields) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (Attribute<R, ?> attribute : attributes) {
      if (attribute.isShown() && fields.include(attribute.name())) {
        object.put(attribute.name(), attribute.of(shown));
      }
    }
    return object;
  }

  /** Which attributes an answer is to carry: the query parameter {@code fields}, repeatable. */
  record Fields(Set<String> names) {

    static final Fields ALL = new Fields(Set.of());

    boolean include(String name) {
      return names.isEmpty() || names.contains(name);
    }
  }
}
