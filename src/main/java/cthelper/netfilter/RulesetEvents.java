package cthelper.netfilter;

import cthelper.netfilter.SystemCalls.Awaited;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Tells who changed the ruleset of which namespace, some ten microseconds after the commit.
 *
 * <p>Watched are the namespaces of all sockets that the door opens after {@link #start}, as long as
 * these are open (and maybe longer). One socket hears all of them where the process has
 * CAP_NET_BROADCAST ({@link AllNamespaces}), else there is one for each ({@link
 * SocketPerNamespace}). Changes made with iptables-legacy cause no event; neither do transactions
 * that fail or change nothing. Source: {@code nft(8)}, monitor.
 */
public final class RulesetEvents implements AutoCloseable {

  /** Called on the events' own thread, one call at a time. What it throws is logged. */
  public interface Listener {

    /**
     * Somebody committed a change; maybe we. Those of one namespace come in their order, and never
     * before the kernel shows the change.
     */
    void committed(RulesetCommit commit);

    /** Commits were not told: any namespace may have changed. */
    void lost();
  }

  private static final Logger LOG = Logger.getLogger(RulesetEvents.class);
  private static final int FOREVER = -1;
  private static final int RETRY_MILLIS = 1000;

  /** So that a namespace that changes without pause does not keep the others from being heard. */
  private static final int DATAGRAMS_AT_ONCE = 1000;

  private final NamespaceDoor door;
  private final SystemCalls calls;
  private final Listener listener;
  private final WakeUp wakeUp;
  private final EventSource source;
  private final CommitReader reader = new CommitReader();

  /** Sockets that lost something, until their queues were seen empty. */
  private final Set<Integer> overflowed = new HashSet<>();

  private final Thread thread;
  private volatile boolean closing;
  private boolean inTrouble;

  private RulesetEvents(
      SystemCalls calls, NamespaceDoor door, Listener listener, WakeUp wakeUp, EventSource source) {
    this.calls = calls;
    this.door = door;
    this.listener = listener;
    this.wakeUp = wakeUp;
    this.source = source;
    this.thread = Thread.ofPlatform().daemon().name("ruleset-events").start(this::run);
    door.watchWith(source);
  }

  /**
   * Begins to listen.
   *
   * @throws SystemCallException when a privilege or a descriptor is missing
   */
  public static RulesetEvents start(SystemCalls calls, NamespaceDoor door, Listener listener) {
    return start(calls, door, listener, Optional.empty());
  }

  /**
   * The same with sockets that were opened while the process still might.
   *
   * @param open closed with this
   */
  public static RulesetEvents start(
      SystemCalls calls, NamespaceDoor door, Listener listener, Optional<ListenerSockets> open) {
    WakeUp wakeUp = new WakeUp(calls);
    try {
      EventSource source =
          open.map(sockets -> AllNamespaces.of(calls, sockets))
              .or(() -> door.runHere(() -> AllNamespaces.open(calls)))
              .orElseGet(() -> onePerNamespace(calls, wakeUp));
      return new RulesetEvents(calls, door, listener, wakeUp, source);
    } catch (RuntimeException e) {
      wakeUp.close();
      throw e;
    }
  }

  private static EventSource onePerNamespace(SystemCalls calls, WakeUp wakeUp) {
    LOG.info(
        "without CAP_NET_BROADCAST changes by others are listened to with a socket for each router"
            + " namespace, instead of one for all");
    return new SocketPerNamespace(calls, wakeUp::signal);
  }

  /**
   * Ends the thread and waits for it, unless the listener itself calls this. A second time does
   * nothing.
   */
  @Override
  public void close() {
    door.watchWith(EventSource.NONE);
    closing = true;
    wakeUp.signal();
    LockSupport.unpark(thread);
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        round();
      }
    } finally {
      source.close();
      wakeUp.close();
    }
  }

  /** Waits for events and tells them. Trouble is tried again. */
  private void round() {
    try {
      List<Awaited> awaited = new ArrayList<>(source.awaited());
      awaited.add(wakeUp.awaited());
      for (int descriptor : calls.poll(awaited, FOREVER)) {
        if (descriptor == wakeUp.awaited().descriptor()) {
          wakeUp.clear();
        } else {
          listenAt(descriptor);
        }
      }
      inTrouble = false;
    } catch (RuntimeException | LinkageError e) { // a class that cannot be loaded for now
      if (!inTrouble) {
        LOG.warn("changes by others cannot be listened to; trying every second", e);
      }
      inTrouble = true;
      lose();
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
    }
  }

  private void listenAt(int descriptor) {
    for (int i = 0; i < DATAGRAMS_AT_ONCE && !closing; i++) {
      try {
        Optional<Datagram> datagram = source.receive(descriptor);
        if (datagram.isEmpty()) {
          queueIsEmpty(descriptor);
          return;
        }
        understand(datagram.get());
      } catch (MalformedNetlinkException e) {
        LOG.debugf("an event makes no sense: %s", e.getMessage());
        overflow(descriptor);
      } catch (SystemCallException e) {
        if (e.errno().equals(Errno.ENOBUFS) || e.errno().equals(Errno.EMSGSIZE)) {
          overflow(descriptor);
        } else if (!e.errno().equals(Errno.EINTR)) {
          throw e;
        }
      }
    }
  }

  private void understand(Datagram datagram) {
    datagram
        .namespace()
        .ifPresent(number ->
            reader
                .read(number, datagram.bytes())
                .forEach(commit -> tell(() -> listener.committed(commit))));
  }

  /**
   * From the overflow until the queue is empty the kernel drops everything without saying so again:
   * so that is the moment to tell it, unless there comes another overflow before.
   */
  private void overflow(int descriptor) {
    if (!overflowed.add(descriptor)) {
      lose();
    }
  }

  private void queueIsEmpty(int descriptor) {
    if (overflowed.remove(descriptor)) {
      lose();
    }
  }

  private void lose() {
    reader.forgetUnfinished();
    tell(listener::lost);
  }

  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("a change by somebody else was not handled", e);
    }
  }
}
