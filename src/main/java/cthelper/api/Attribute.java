package cthelper.api;

import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One row of a resource's attribute table: everything there is to know about an attribute, for
 * reading bodies, for filters and for answers.
 *
 * <p>Example: {@code Attribute.of("port", integer(1, 65535), shown -> shown.port())
 * .required().updatable().filterable()}. Identity is by instance: tables keep their rows in
 * constants.
 *
 * @param <R> what is shown
 * @param <V> the Java type of the value
 */
final class Attribute<R, V> {

  /** Whether a body may or must name an attribute. */
  enum Presence {
    REFUSED,
    OPTIONAL,
    REQUIRED
  }

  private final String name;
  private final ValueType<V> type;
  private final @Nullable Function<R, @Nullable V> shown;
  private final Presence onCreate;
  private final Presence onUpdate;
  private final boolean filterable;
  private final boolean sortable;

  private Attribute(
      String name,
      ValueType<V> type,
      @Nullable Function<R, @Nullable V> shown,
      Presence onCreate,
      Presence onUpdate,
      boolean filterable,
      boolean sortable) {
    this.name = name;
    this.type = type;
    this.shown = shown;
    this.onCreate = onCreate;
    this.onUpdate = onUpdate;
    this.filterable = filterable;
    this.sortable = sortable;
  }

  /** A read-only one, until one of the methods below says otherwise. */
  static <R, V> Attribute<R, V> of(String name, ValueType<V> type, Function<R, @Nullable V> shown) {
    return new Attribute<>(name, type, shown, Presence.REFUSED, Presence.REFUSED, false, false);
  }

  /** One that answers never carry. */
  static <R, V> Attribute<R, V> hidden(String name, ValueType<V> type) {
    return new Attribute<>(name, type, null, Presence.REFUSED, Presence.REFUSED, false, false);
  }

  /** A create must name it. */
  Attribute<R, V> required() {
    return new Attribute<>(name, type, shown, Presence.REQUIRED, onUpdate, filterable, sortable);
  }

  /** A create may name it. */
  Attribute<R, V> optional() {
    return new Attribute<>(name, type, shown, Presence.OPTIONAL, onUpdate, filterable, sortable);
  }

  /** An update may name it. */
  Attribute<R, V> updatable() {
    return new Attribute<>(name, type, shown, onCreate, Presence.OPTIONAL, filterable, sortable);
  }

  /** A list may be filtered and sorted by it. */
  Attribute<R, V> filterable() {
    return new Attribute<>(name, type, shown, onCreate, onUpdate, true, true);
  }

  /** A list may be sorted by it: its values are comparable and never null. */
  Attribute<R, V> sortable() {
    return new Attribute<>(name, type, shown, onCreate, onUpdate, filterable, true);
  }

  String name() {
    return name;
  }

  ValueType<V> type() {
    return type;
  }

  Presence onCreate() {
    return onCreate;
  }

  Presence onUpdate() {
    return onUpdate;
  }

  boolean isFilterable() {
    return filterable;
  }

  boolean isSortable() {
    return sortable;
  }

  boolean isShown() {
    return shown != null;
  }

  /** Its value in an answer; null is JSON's null. */
  @Nullable V of(R resource) {
    return shown == null ? null : shown.apply(resource);
  }

  /** The order of its values; only for one that {@link #isSortable}. */
  @SuppressWarnings({"unchecked", "NullAway"}) // that is what sortable() promises
  Comparator<R> order() {
    return (one, other) -> ((Comparable<V>) of(one)).compareTo(of(other));
  }

  @Override
  public String toString() {
    return name;
  }
}
