package cthelper.api;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted: query parameters {@code limit}, {@code marker} (the id of the
 * last item seen) and {@code page_reverse}. Without a limit, or with limit 0, all of it, unless
 * that is more than fits into one page; then the first page, with a link to the next one.
 *
 * <p>Example: {@code ?limit=50&marker=5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1}. Source: Neutron's
 * {@code api_common.get_pagination_links}.
 */
final class Paging {

  static final String LIMIT = "limit";
  static final String MARKER = "marker";
  static final String REVERSE = "page_reverse";

  /** Items of a page, whatever limit is asked for: what one answer takes of memory has an end. */
  static final int MOST = 5000;

  private static final Set<String> OF_THE_PAGE = Set.of(MARKER, REVERSE);
  private static final Set<String> TRUE = Set.of("true", "1", "t", "yes", "y", "on");

  private final RequestAddress address;
  private final int limit;
  private final @Nullable String marker;
  private final boolean reverse;

  private Paging(RequestAddress address, int limit, @Nullable String marker, boolean reverse) {
    this.address = address;
    this.limit = limit;
    this.marker = marker;
    this.reverse = reverse;
  }

  /**
   * @throws NeutronFault 400 for a limit that is no number, or negative
   */
  static Paging parse(RequestAddress address) {
    return new Paging(
        address,
        last(address, LIMIT).map(Paging::limit).orElse(0),
        last(address, MARKER).orElse(null),
        last(address, REVERSE)
            .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
            .isPresent());
  }

  /** Whether the page ends at the marker instead of beginning there. */
  boolean isBackwards() {
    return limit != 0 && reverse;
  }

  /** The item that the page is beside, if a page is wanted at all. */
  Optional<String> marker() {
    return limit == 0 ? Optional.empty() : Optional.ofNullable(marker);
  }

  private static Optional<String> last(RequestAddress address, String name) {
    List<String> values = address.values(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private static int limit(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      if (text.matches("\\+?[0-9]{1,100}")) {
        return Integer.MAX_VALUE; // more than any list has
      }
    }
    throw new NeutronFault(
        400,
        "BadRequest",
        "Bad limit request: Limit must be an integer 0 or greater and not '"
            + Echo.of(text)
            + "'.");
  }

  /**
   * The page.
   *
   * @param all the whole list; the marker may be of an item that is not wanted
   * @param wanted the items of it to be paged, in their order
   */
  <R> Page<R> of(List<R> all, List<R> wanted, Comparator<R> order, Function<R, String> id) {
    if (limit == 0 && wanted.size() <= MOST) {
      return new Page<>(wanted, Optional.empty());
    }
    Optional<R> seen =
        all.stream().filter(item -> id.apply(item).equals(marker().orElse(null))).findFirst();
    List<R> page = isBackwards() ? before(seen, wanted, order) : after(seen, wanted, order);
    return new Page<>(page, Optional.of(links(page, page.size() == most(), id)));
  }

  /** So many items of the page, those next to the marker; the others are for the next one. */
  <R> Page<R> shortened(Page<R> page, int items, Function<R, String> id) {
    int all = page.items().size();
    if (items >= all) {
      return page;
    }
    List<R> left =
        isBackwards() ? page.items().subList(all - items, all) : page.items().subList(0, items);
    return new Page<>(left, Optional.of(links(left, true, id)));
  }

  /** With so many of the wanted items next to the marker the page is decided. */
  int enough() {
    return most() + 1;
  }

  private int most() {
    return limit == 0 ? MOST : Math.min(limit, MOST);
  }

  private <R> List<R> after(Optional<R> seen, List<R> wanted, Comparator<R> order) {
    return wanted.stream()
        .filter(item -> seen.isEmpty() || order.compare(item, seen.get()) > 0)
        .limit(most())
        .toList();
  }

  private <R> List<R> before(Optional<R> seen, List<R> wanted, Comparator<R> order) {
    List<R> before =
        wanted.stream()
            .filter(item -> seen.isEmpty() || order.compare(item, seen.get()) < 0)
            .toList();
    return before.subList(Math.max(0, before.size() - most()), before.size());
  }

  /** A full page may be followed by another one; going back there is always the one before. */
  private <R> List<Map<String, String>> links(
      List<R> page, boolean isFull, Function<R, String> id) {
    List<Map<String, String>> links = new ArrayList<>();
    if (isBackwards() || isFull) {
      links.add(link("next", page.isEmpty() ? null : id.apply(page.getLast()), false));
    }
    if (!isBackwards() || isFull) {
      links.add(link("previous", page.isEmpty() ? null : id.apply(page.getFirst()), true));
    }
    return links;
  }

  private Map<String, String> link(String rel, @Nullable String from, boolean backwards) {
    List<String> query = new ArrayList<>(ownParameters());
    if (limit == 0) { // without one, the marker would not count
      query.add(LIMIT + "=" + MOST);
    }
    if (from != null) {
      query.add(MARKER + "=" + URLEncoder.encode(from, StandardCharsets.UTF_8));
    }
    if (backwards) {
      query.add(REVERSE + "=True");
    }
    return Map.of("rel", rel, "href", address.of(address.path()) + "?" + String.join("&", query));
  }

  /** What the request asks for besides the page, as it stands there. */
  private List<String> ownParameters() {
    return Arrays.stream(address.query().split("&"))
        .filter(parameter -> !parameter.isEmpty())
        .filter(parameter -> !OF_THE_PAGE.contains(name(parameter)))
        .filter(parameter -> limit != 0 || !name(parameter).equals(LIMIT))
        .toList();
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    return URLDecoder.decode(
        equals < 0 ? parameter : parameter.substring(0, equals), StandardCharsets.UTF_8);
  }
}
