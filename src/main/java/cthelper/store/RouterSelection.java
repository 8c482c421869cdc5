package cthelper.store;

import cthelper.model.RouterId;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which routers to list: those that are in every one of the given sets. Immutable.
 *
 * <p>Example: {@code RouterSelection.all().named(Set.of("edge", "core"))}. An empty set selects
 * none; what is not narrowed selects all.
 */
public final class RouterSelection {

  private static final RouterSelection ALL = new RouterSelection(Map.of());

  private final Map<String, Collection<?>> narrowed;

  private RouterSelection(Map<String, Collection<?>> narrowed) {
    this.narrowed = narrowed;
  }

  public static RouterSelection all() {
    return ALL;
  }

  public RouterSelection withIds(Collection<RouterId> ids) {
    Collection<UUID> values = ids.stream().map(RouterId::value).toList();
    return narrowedBy("id", values);
  }

  public RouterSelection named(Collection<String> names) {
    return narrowedBy("name", names);
  }

  public RouterSelection ofProjects(Collection<String> projectIds) {
    return narrowedBy("projectId", projectIds);
  }

  private RouterSelection narrowedBy(String field, Collection<?> values) {
    Map<String, Collection<?>> more = new TreeMap<>(narrowed);
    more.put(field, values);
    return new RouterSelection(more);
  }

  /** Field of {@link RouterEntity} to its wanted values. */
  Map<String, Collection<?>> narrowed() {
    return narrowed;
  }
}
