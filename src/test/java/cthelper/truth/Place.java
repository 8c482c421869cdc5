package cthelper.truth;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a router of the run may live: {@code r1} is its {@code qrouter-} namespace, {@code r1/snat}
 * its {@code snat-} namespace.
 *
 * @param router 0 to {@link #ROUTERS} - 1
 */
record Place(int router, boolean snat) {

  /** Few, so that steps meet each other. */
  static final int ROUTERS = 3;

  static final int PER_ROUTER = 2;

  static List<Place> all() {
    return IntStream.range(0, ROUTERS).boxed().flatMap(router -> of(router).stream()).toList();
  }

  static List<Place> of(int router) {
    return Stream.of(false, true).map(snat -> new Place(router, snat)).toList();
  }

  /** The name of the namespace. */
  String name(String routerId) {
    return (snat ? "snat-" : "qrouter-") + routerId;
  }

  @Override
  public String toString() {
    return "r" + router + (snat ? "/snat" : "");
  }
}
