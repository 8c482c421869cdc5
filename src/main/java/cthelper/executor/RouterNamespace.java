package cthelper.executor;

import cthelper.netfilter.NamespaceSocket;
import cthelper.node.NodeNamespace;

/** A namespace of a router that is here and open. The socket keeps it alive: close it in time. */
record RouterNamespace(NamespaceName name, NamespaceSocket socket) implements AutoCloseable {

  NodeNamespace reported() {
    return new NodeNamespace(name.text(), name.router(), name.adoptable(), socket.cookie());
  }

  /** Whether both are the same namespace of the kernel, whatever their names. */
  boolean isSameAs(RouterNamespace other) {
    return socket.cookie() == other.socket.cookie();
  }

  @Override
  public void close() {
    socket.close();
  }
}
