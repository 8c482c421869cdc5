package cthelper.netfilter;

import java.util.OptionalInt;

/**
 * What it means for a namespace to be watched by an {@link EventSource}.
 *
 * @param number its name in events; empty when it is not watched
 * @param end to be run once when the socket in it is closed
 */
record WatchedNamespace(OptionalInt number, Runnable end) {

  static final WatchedNamespace NOT_WATCHED = new WatchedNamespace(OptionalInt.empty(), () -> {});
}
