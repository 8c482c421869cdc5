package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of destination ports, 0..65535, for example {@code 21, 2000-2100}. Immutable.
 *
 * @param ranges ascending, no two of them touching
 */
public record Ports(List<Range> ranges) {

  private static final int MOST = 65535;

  /** Every port. */
  public static final Ports ALL = between(0, MOST);

  private static final Ports NONE = new Ports(List.of());

  public Ports {
    ranges = List.copyOf(ranges);
  }

  /** From one port to another, both included. */
  public record Range(int first, int last) {

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /** The ports from one to another, both included; none if they are the wrong way round. */
  static Ports between(int first, int last) {
    return first > last ? NONE : new Ports(List.of(new Range(first, last)));
  }

  public boolean contains(int port) {
    return ranges.stream().anyMatch(range -> range.first <= port && port <= range.last);
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Those in both. */
  Ports and(Ports other) {
    if (equals(ALL)) {
      return other;
    }
    List<Range> both = new ArrayList<>();
    for (Range one : ranges) {
      for (Range two : other.ranges) {
        int first = Math.max(one.first, two.first);
        int last = Math.min(one.last, two.last);
        if (first <= last) {
          both.add(new Range(first, last));
        }
      }
    }
    return new Ports(both);
  }

  /** Those in at least one. */
  Ports or(Ports other) {
    return not().and(other.not()).not();
  }

  /** All others. */
  Ports not() {
    List<Range> gaps = new ArrayList<>();
    int from = 0;
    for (Range range : ranges) {
      if (from < range.first) {
        gaps.add(new Range(from, range.first - 1));
      }
      from = range.last + 1;
    }
    if (from <= MOST) {
      gaps.add(new Range(from, MOST));
    }
    return new Ports(gaps);
  }

  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
  }
}
