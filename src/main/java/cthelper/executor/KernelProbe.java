package cthelper.executor;

import cthelper.netfilter.KernelSupport;
import cthelper.netfilter.KernelSupport.Probe;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import java.util.function.Supplier;

/**
 * Asks this machine's kernel, in the empty namespace of the door, which helpers it has.
 * Thread-safe.
 */
record KernelProbe(NamespaceDoor door) implements Supplier<KernelSupport> {

  /**
   * Costs up to 16 ms.
   *
   * @throws ExecutorUnavailable when the kernel cannot be asked
   */
  @Override
  public KernelSupport get() {
    return switch (door.openHere()) {
      case Opening.Opened(NamespaceSocket socket) -> {
        try (socket) {
          yield ask(socket);
        }
      }
      case Opening.NotPermitted(String detail) ->
          throw new ExecutorUnavailable("executor: " + detail);
      case Opening.Failed(var _, String detail) ->
          throw new ExecutorUnavailable("executor: " + detail);
      case Opening.NotYet(), Opening.NotThere() ->
          throw new ExecutorUnavailable("executor: no network namespaces here");
    };
  }

  private static KernelSupport ask(NamespaceSocket socket) {
    return switch (KernelSupport.probe(socket)) {
      case Probe.Probed(KernelSupport support) -> support;
      case Probe.Failed(var _, String detail) ->
          throw new ExecutorUnavailable(
              "executor: this kernel cannot be asked for helpers: " + detail);
    };
  }
}
