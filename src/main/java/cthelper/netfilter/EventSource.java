package cthelper.netfilter;

import cthelper.netfilter.SystemCalls.Awaited;
import java.util.List;
import java.util.Optional;

/**
 * A way in which the kernel's events of many namespaces' rulesets reach one thread. Which
 * namespaces they are is known by numbers that rise from 1 and are never used again.
 *
 * <p>{@link #watch} and what it gives to end it are called from any thread, everything else from
 * the one that receives.
 */
interface EventSource extends AutoCloseable {

  /** Nobody listens. */
  EventSource NONE =
      new EventSource() {
        @Override
        public WatchedNamespace watch(int namespace, long cookie) {
          return WatchedNamespace.NOT_WATCHED;
        }

        @Override
        public List<Awaited> awaited() {
          return List.of();
        }

        @Override
        public Optional<Datagram> receive(int descriptor) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /**
   * From now on there are events of this namespace, in which the calling thread is. One that is
   * watched already keeps its number.
   *
   * @param namespace its descriptor
   * @param cookie its SO_NETNS_COOKIE
   * @throws SystemCallException when it cannot be watched
   */
  WatchedNamespace watch(int namespace, long cookie);

  /** What to wait for; may change with every namespace that comes or goes. */
  List<Awaited> awaited();

  /**
   * The next datagram that is queued at one of the {@link #awaited} descriptors, and the number of
   * the namespace it is about; without a number it is about none that was ever watched.
   *
   * @throws SystemCallException ENOBUFS when some were lost before this one
   */
  Optional<Datagram> receive(int descriptor);

  /** Nothing is watched any more. */
  @Override
  void close();
}
