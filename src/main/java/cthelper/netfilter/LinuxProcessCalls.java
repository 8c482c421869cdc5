package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** {@link ProcessCalls} through the C library. Thread-safe; made for a few calls in a lifetime. */
public final class LinuxProcessCalls implements ProcessCalls {

  /** _LINUX_CAPABILITY_VERSION_3: two structures of 32 bits each. */
  private static final int VERSION = 0x20080522;

  private static final int THIS_THREAD = 0;

  private static final MethodHandle CAPSET =
      CLibrary.function("capset", JAVA_INT, List.of(ADDRESS, ADDRESS));
  private static final MethodHandle PRCTL =
      CLibrary.function(
          "prctl",
          JAVA_INT,
          List.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle FCNTL =
      CLibrary.function(
          "fcntl",
          JAVA_INT,
          List.of(JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle EXECVE =
      CLibrary.function("execve", JAVA_INT, List.of(ADDRESS, ADDRESS, ADDRESS));

  @Override
  public void capset(long effective, long permitted, long inheritable) {
    call(
        "capset",
        (arena, frame) -> {
          MemorySegment header = arena.allocateFrom(JAVA_INT, VERSION, THIS_THREAD);
          MemorySegment sets =
              arena.allocateFrom(
                  JAVA_INT,
                  (int) effective,
                  (int) permitted,
                  (int) inheritable,
                  (int) (effective >>> 32),
                  (int) (permitted >>> 32),
                  (int) (inheritable >>> 32));
          return (int) CAPSET.invokeExact(frame.captured(), header, sets);
        });
  }

  @Override
  public void prctl(int option, long second, long third) {
    call(
        "prctl",
        (_, frame) -> (int) PRCTL.invokeExact(frame.captured(), option, second, third, 0L, 0L));
  }

  @Override
  public void fcntl(int descriptor, int command, int argument) {
    call(
        "fcntl",
        (_, frame) -> (int) FCNTL.invokeExact(frame.captured(), descriptor, command, argument));
  }

  @Override
  public void execve(String program, byte[] arguments, byte[] environment) {
    call(
        "execve",
        (arena, frame) ->
            (int)
                EXECVE.invokeExact(
                    frame.captured(),
                    arena.allocateFrom(program),
                    strings(arena, arguments),
                    strings(arena, environment)));
  }

  /** The addresses of the strings, and a null one at the end. */
  private static MemorySegment strings(Arena arena, byte[] bytes) {
    MemorySegment text = arena.allocateFrom(JAVA_BYTE, bytes);
    List<MemorySegment> strings = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        strings.add(text.asSlice(begin));
        begin = i + 1;
      }
    }
    MemorySegment addresses = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      addresses.setAtIndex(ADDRESS, i, strings.get(i));
    }
    addresses.setAtIndex(ADDRESS, strings.size(), MemorySegment.NULL);
    return addresses;
  }

  private static void call(String name, NativeCall call) {
    CallFrame frame = new CallFrame();
    try (Arena arena = Arena.ofConfined()) {
      if (call.run(arena, frame) < 0) {
        throw new SystemCallException(name, frame.errno());
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call threw", e);
    }
  }

  /** What a C function answers: negative is a failure, whose errno the frame has. */
  @FunctionalInterface
  private interface NativeCall {
    int run(Arena arena, CallFrame frame) throws Throwable;
  }
}
