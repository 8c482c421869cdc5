package cthelper.lab;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The three C functions the laboratory needs to enter a namespace: open(2), setns(2), close(2).
 *
 * <p>Each component is called with a segment that receives {@code errno} first, then with the C
 * arguments.
 */
record NamespaceCalls(MethodHandle open, MethodHandle setns, MethodHandle close) {

  private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000; // O_RDONLY | O_CLOEXEC
  private static final int NETWORK_NAMESPACE = 0x40000000; // CLONE_NEWNET

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(StructLayout.PathElement.groupElement("errno"));

  /** Finds the functions in the C library of this process. */
  static NamespaceCalls load() {
    Linker linker = Linker.nativeLinker();
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return new NamespaceCalls(
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            errno,
            Linker.Option.firstVariadicArg(2)),
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setns"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT),
            errno),
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT),
            errno));
  }

  /**
   * Moves the calling operating-system thread into the network namespace of this file; there is no
   * way back.
   *
   * @throws IOException with the failed function and its errno
   */
  void enter(Path namespace) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment file = arena.allocateFrom(namespace.toString());
      int descriptor =
          check(
              "open",
              namespace,
              state,
              (int) open.invokeExact(state, file, READ_ONLY_CLOSE_ON_EXEC));
      try {
        check(
            "setns",
            namespace,
            state,
            (int) setns.invokeExact(state, descriptor, NETWORK_NAMESPACE));
      } finally {
        check("close", namespace, state, (int) close.invokeExact(state, descriptor));
      }
    } catch (IOException | RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("a C function throws nothing", impossible);
    }
  }

  private static int check(String function, Path namespace, MemorySegment state, int result)
      throws IOException {
    if (result < 0) {
      throw new IOException(
          "%s of %s: errno %d".formatted(function, namespace, (int) ERRNO.get(state, 0L)));
    }
    return result;
  }
}
