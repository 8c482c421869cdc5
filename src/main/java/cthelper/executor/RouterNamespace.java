package cthelper.executor;

import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.netfilter.NamespaceSocket;
import cthelper.node.NodeNamespace;
import java.time.Clock;
import java.util.OptionalInt;

/**
 * A namespace of a router that is here and open. Its socket keeps it alive: close it in time.
 * Thread-safe.
 */
final class RouterNamespace implements AutoCloseable {

  private final NamespaceName name;
  private final NamespaceFile file;
  private final NamespaceSocket socket;
  private final LastReading lastReading = new LastReading();
  private final NamespaceHistory history;
  private boolean closed;

  RouterNamespace(NamespaceName name, NamespaceFile file, NamespaceSocket socket) {
    this(name, file, socket, Clock.systemUTC());
  }

  RouterNamespace(NamespaceName name, NamespaceFile file, NamespaceSocket socket, Clock clock) {
    this.name = name;
    this.file = file;
    this.socket = socket;
    this.history = new NamespaceHistory(clock);
  }

  NamespaceName name() {
    return name;
  }

  /** What stood at the name when it was opened. */
  NamespaceFile file() {
    return file;
  }

  NamespaceSocket socket() {
    return socket;
  }

  /** Names it in the kernel's events; empty when these are not listened to. */
  OptionalInt number() {
    return socket.namespaceNumber();
  }

  LastReading lastReading() {
    return lastReading;
  }

  NamespaceHistory history() {
    return history;
  }

  Placement placement(NodeId node) {
    return new Placement(name.router(), node, name.text());
  }

  NodeNamespace reported() {
    return new NodeNamespace(name.text(), name.router(), name.adoptable(), socket.cookie());
  }

  /** Whether both are the same namespace of the kernel, whatever their names. */
  boolean isSameAs(RouterNamespace other) {
    return socket.cookie() == other.socket.cookie();
  }

  /**
   * Does something that must not come after {@link #close}, which waits for it: what was found out
   * about this namespace must never be told of the next one of its name.
   */
  synchronized void ifOpen(Runnable action) {
    if (!closed) {
      action.run();
    }
  }

  synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    socket.close();
  }
}
