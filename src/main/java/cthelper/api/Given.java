package cthelper.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a body says: converted and checked values of the attributes it names. An attribute it does
 * not name is absent, which is not the same as null: whether null is a value is up to the
 * attribute's type.
 */
final class Given {

  private final Map<Attribute<?, ?>, Object> values = new HashMap<>();

  <V> void put(Attribute<?, V> attribute, V value) {
    values.put(attribute, value);
  }

  /** The value given for this attribute; nothing when the body does not name it. */
  @SuppressWarnings("unchecked") // put() lets only a V in
  <V> Optional<V> value(Attribute<?, V> attribute) {
    return Optional.ofNullable((V) values.get(attribute));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }
}
