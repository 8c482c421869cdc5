package cthelper.store;

import cthelper.model.RouterId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which routers to list: those that are in every one of the given sets, by default all of these.
 * Immutable.
 *
 * <p>Example: {@code RouterSelection.all().named(Set.of("edge", "core"))}. An empty set selects
 * none; what is not narrowed selects all.
 */
public final class RouterSelection {

  private static final RouterSelection ALL =
      new RouterSelection(Map.of(), Optional.empty(), false, OptionalInt.empty());

  private final Map<String, Collection<?>> narrowed;
  private final Optional<RouterId> beside;
  private final boolean backwards;
  private final OptionalInt most;

  private RouterSelection(
      Map<String, Collection<?>> narrowed,
      Optional<RouterId> beside,
      boolean backwards,
      OptionalInt most) {
    this.narrowed = narrowed;
    this.beside = beside;
    this.backwards = backwards;
    this.most = most;
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

  /**
   * Of these the ones whose ids come next.
   *
   * @param beside the one before the first; from the very end if there is none
   * @param backwards down instead of up, the highest id first
   * @param most how many
   */
  public RouterSelection next(Optional<RouterId> beside, boolean backwards, int most) {
    return new RouterSelection(narrowed, beside, backwards, OptionalInt.of(most));
  }

  private RouterSelection narrowedBy(String field, Collection<?> values) {
    Map<String, Collection<?>> more = new TreeMap<>(narrowed);
    more.put(field, values);
    return new RouterSelection(more, beside, backwards, most);
  }

  /** Field of {@link RouterEntity} to its wanted values. */
  Map<String, Collection<?>> narrowed() {
    return narrowed;
  }

  Optional<RouterId> beside() {
    return beside;
  }

  boolean backwards() {
    return backwards;
  }

  OptionalInt most() {
    return most;
  }
}
