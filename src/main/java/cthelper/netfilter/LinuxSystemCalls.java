package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The system calls themselves, through the C library of this machine (x86-64 or aarch64).
 *
 * <p>Never the linker's {@code critical} option: nearly every call here may block. Thread-safe; as
 * many frames of native memory exist as calls ever ran at once.
 */
public final class LinuxSystemCalls implements SystemCalls {

  private static final CLibrary C = CLibrary.link();
  private static final int POLLFD_BYTES = 8;
  private static final int SOCKADDR_NL_BYTES = 12;
  private static final int SOCKADDR_NL_PORT_ID = 4;

  private final ConcurrentLinkedDeque<CallFrame> idleFrames = new ConcurrentLinkedDeque<>();

  @Override
  public int open(String path, int flags) {
    return (int)
        call("open", frame -> (int) C.open.invokeExact(frame.captured(), frame.text(path), flags));
  }

  @Override
  public void close(int descriptor) {
    call("close", frame -> (int) C.close.invokeExact(frame.captured(), descriptor));
  }

  @Override
  public void setns(int descriptor, int namespaceType) {
    call("setns", frame -> (int) C.setns.invokeExact(frame.captured(), descriptor, namespaceType));
  }

  @Override
  public void unshare(int flags) {
    call("unshare", frame -> (int) C.unshare.invokeExact(frame.captured(), flags));
  }

  @Override
  public int socket(int family, int type, int protocol) {
    return (int)
        call(
            "socket",
            frame -> (int) C.socket.invokeExact(frame.captured(), family, type, protocol));
  }

  @Override
  public void bindNetlink(int socket) {
    call(
        "bind",
        frame -> {
          MemorySegment address = frame.address().fill((byte) 0);
          address.set(JAVA_SHORT, 0, (short) Linux.AF_NETLINK);
          return (int) C.bind.invokeExact(frame.captured(), socket, address, SOCKADDR_NL_BYTES);
        });
  }

  @Override
  public int netlinkPortId(int socket) {
    return (int)
        call(
            "getsockname",
            frame -> {
              int result =
                  (int)
                      C.getsockname.invokeExact(
                          frame.captured(), socket, frame.address(), frame.addressLength());
              return result < 0
                  ? result
                  : Integer.toUnsignedLong(frame.address().get(JAVA_INT, SOCKADDR_NL_PORT_ID));
            });
  }

  @Override
  public void setSocketOption(int socket, int level, int option, int value) {
    call(
        "setsockopt",
        frame -> {
          frame.buffer().set(JAVA_INT, 0, value);
          return (int)
              C.setsockopt.invokeExact(
                  frame.captured(), socket, level, option, frame.buffer(), Integer.BYTES);
        });
  }

  @Override
  public long longSocketOption(int socket, int level, int option) {
    CallFrame frame = borrow();
    try {
      frame.buffer().set(JAVA_INT, Long.BYTES, Long.BYTES);
      long result =
          invoke(
              frame,
              lent ->
                  (int)
                      C.getsockopt.invokeExact(
                          lent.captured(),
                          socket,
                          level,
                          option,
                          lent.buffer(),
                          lent.buffer().asSlice(Long.BYTES)));
      if (result < 0) {
        throw new SystemCallException("getsockopt", frame.errno());
      }
      return frame.buffer().get(JAVA_LONG, 0);
    } finally {
      idleFrames.push(frame);
    }
  }

  @Override
  public void send(int socket, byte[] message) {
    if (message.length <= CallFrame.BUFFER_BYTES) {
      call("send", frame -> send(frame, socket, message, frame.buffer()));
    } else {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment large = arena.allocate(message.length);
        call("send", frame -> send(frame, socket, message, large));
      }
    }
  }

  private static long send(CallFrame frame, int socket, byte[] message, MemorySegment memory)
      throws Throwable {
    MemorySegment.copy(message, 0, memory, JAVA_BYTE, 0, message.length);
    return (long) C.send.invokeExact(frame.captured(), socket, memory, (long) message.length, 0);
  }

  @Override
  public Optional<byte[]> receiveFromKernel(int socket) {
    CallFrame frame = borrow();
    try {
      while (true) {
        long length = invoke(frame, lent -> receive(lent, socket));
        if (length < 0) {
          return nothingYet("recvfrom", frame.errno());
        }
        if (frame.address().get(JAVA_INT, SOCKADDR_NL_PORT_ID) != 0) {
          continue;
        }
        if (length > CallFrame.BUFFER_BYTES) {
          throw new SystemCallException("recvfrom", Errno.EMSGSIZE);
        }
        return Optional.of(frame.copy(length));
      }
    } finally {
      idleFrames.push(frame);
    }
  }

  private static long receive(CallFrame frame, int socket) throws Throwable {
    return (long)
        C.recvfrom.invokeExact(
            frame.captured(),
            socket,
            frame.buffer(),
            (long) CallFrame.BUFFER_BYTES,
            Linux.MSG_DONTWAIT | Linux.MSG_TRUNC,
            frame.address(),
            frame.addressLength());
  }

  @Override
  public Optional<byte[]> read(int descriptor) {
    CallFrame frame = borrow();
    try {
      long length =
          invoke(
              frame,
              lent ->
                  (long)
                      C.read.invokeExact(
                          lent.captured(),
                          descriptor,
                          lent.buffer(),
                          (long) CallFrame.BUFFER_BYTES));
      return length < 0 ? nothingYet("read", frame.errno()) : Optional.of(frame.copy(length));
    } finally {
      idleFrames.push(frame);
    }
  }

  @Override
  public int inotifyInit(int flags) {
    return (int)
        call("inotify_init1", frame -> (int) C.inotifyInit.invokeExact(frame.captured(), flags));
  }

  @Override
  public int inotifyAddWatch(int inotify, String path, int mask) {
    return (int)
        call(
            "inotify_add_watch",
            frame ->
                (int)
                    C.inotifyAddWatch.invokeExact(
                        frame.captured(), inotify, frame.text(path), mask));
  }

  @Override
  public void inotifyRemoveWatch(int inotify, int watch) {
    call(
        "inotify_rm_watch",
        frame -> (int) C.inotifyRemoveWatch.invokeExact(frame.captured(), inotify, watch));
  }

  @Override
  public int eventfd(int flags) {
    return (int) call("eventfd", frame -> (int) C.eventfd.invokeExact(frame.captured(), 0, flags));
  }

  @Override
  public void signal(int eventfd) {
    call(
        "write",
        frame -> {
          frame.buffer().set(JAVA_LONG, 0, 1);
          return (long)
              C.write.invokeExact(frame.captured(), eventfd, frame.buffer(), (long) Long.BYTES);
        });
  }

  @Override
  public Set<Integer> poll(List<Awaited> awaited, int timeoutMillis) {
    CallFrame frame = borrow();
    try {
      for (int i = 0; i < awaited.size(); i++) {
        frame.buffer().set(JAVA_INT, (long) i * POLLFD_BYTES, awaited.get(i).descriptor());
        frame.buffer().set(JAVA_INT, (long) i * POLLFD_BYTES + 4, awaited.get(i).events());
      }
      long ready =
          invoke(
              frame,
              lent ->
                  (int)
                      C.poll.invokeExact(
                          lent.captured(), lent.buffer(), (long) awaited.size(), timeoutMillis));
      if (ready < 0 && !frame.errno().equals(Errno.EINTR)) {
        throw new SystemCallException("poll", frame.errno());
      }
      return ready <= 0 ? Set.of() : happened(awaited, frame.buffer());
    } finally {
      idleFrames.push(frame);
    }
  }

  private static Set<Integer> happened(List<Awaited> awaited, MemorySegment descriptors) {
    Set<Integer> happened = new HashSet<>();
    for (int i = 0; i < awaited.size(); i++) {
      if (descriptors.get(JAVA_SHORT, (long) i * POLLFD_BYTES + 6) != 0) {
        happened.add(awaited.get(i).descriptor());
      }
    }
    return happened;
  }

  private static Optional<byte[]> nothingYet(String name, Errno errno) {
    if (errno.equals(Errno.EAGAIN)) {
      return Optional.empty();
    }
    throw new SystemCallException(name, errno);
  }

  private long call(String name, NativeCall call) {
    CallFrame frame = borrow();
    try {
      long result = invoke(frame, call);
      if (result < 0) {
        throw new SystemCallException(name, frame.errno());
      }
      return result;
    } finally {
      idleFrames.push(frame);
    }
  }

  private CallFrame borrow() {
    CallFrame idle = idleFrames.poll();
    return idle == null ? new CallFrame() : idle;
  }

  private static long invoke(CallFrame frame, NativeCall call) {
    try {
      return call.run(frame);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call threw", e);
    }
  }

  /** What a C function answers: negative is a failure, whose errno the frame has. */
  @FunctionalInterface
  private interface NativeCall {
    long run(CallFrame frame) throws Throwable;
  }

  /** The C functions, all or none: a library that lacks one disables the class, naming it. */
  private record CLibrary(
      MethodHandle open,
      MethodHandle close,
      MethodHandle setns,
      MethodHandle unshare,
      MethodHandle socket,
      MethodHandle bind,
      MethodHandle getsockname,
      MethodHandle setsockopt,
      MethodHandle getsockopt,
      MethodHandle send,
      MethodHandle recvfrom,
      MethodHandle read,
      MethodHandle write,
      MethodHandle inotifyInit,
      MethodHandle inotifyAddWatch,
      MethodHandle inotifyRemoveWatch,
      MethodHandle eventfd,
      MethodHandle poll) {

    static CLibrary link() {
      Linker.Option openIsVariadic = Linker.Option.firstVariadicArg(2);
      return new CLibrary(
          function("open", JAVA_INT, List.of(ADDRESS, JAVA_INT), openIsVariadic),
          function("close", JAVA_INT, List.of(JAVA_INT)),
          function("setns", JAVA_INT, List.of(JAVA_INT, JAVA_INT)),
          function("unshare", JAVA_INT, List.of(JAVA_INT)),
          function("socket", JAVA_INT, List.of(JAVA_INT, JAVA_INT, JAVA_INT)),
          function("bind", JAVA_INT, List.of(JAVA_INT, ADDRESS, JAVA_INT)),
          function("getsockname", JAVA_INT, List.of(JAVA_INT, ADDRESS, ADDRESS)),
          function(
              "setsockopt", JAVA_INT, List.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT)),
          function("getsockopt", JAVA_INT, List.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS)),
          function("send", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)),
          function(
              "recvfrom",
              JAVA_LONG,
              List.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS)),
          function("read", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_LONG)),
          function("write", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_LONG)),
          function("inotify_init1", JAVA_INT, List.of(JAVA_INT)),
          function("inotify_add_watch", JAVA_INT, List.of(JAVA_INT, ADDRESS, JAVA_INT)),
          function("inotify_rm_watch", JAVA_INT, List.of(JAVA_INT, JAVA_INT)),
          function("eventfd", JAVA_INT, List.of(JAVA_INT, JAVA_INT)),
          function("poll", JAVA_INT, List.of(ADDRESS, JAVA_LONG, JAVA_INT)));
    }

    private static MethodHandle function(
        String name, MemoryLayout result, List<MemoryLayout> arguments, Linker.Option... more) {
      SymbolLookup library = Linker.nativeLinker().defaultLookup();
      MemorySegment address =
          library
              .find(name)
              .orElseThrow(() -> new IllegalStateException("the C library lacks " + name));
      List<Linker.Option> options = new ArrayList<>(List.of(more));
      options.add(Linker.Option.captureCallState("errno"));
      return Linker.nativeLinker()
          .downcallHandle(
              address,
              FunctionDescriptor.of(result, arguments.toArray(MemoryLayout[]::new)),
              options.toArray(Linker.Option[]::new));
    }
  }
}
