package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/**
 * The system calls themselves, through the C library of this machine (x86-64 or aarch64).
 *
 * <p>Never the linker's {@code critical} option: nearly every call here may block. Thread-safe; as
 * many frames of native memory exist as calls ever ran at once.
 */
public final class LinuxSystemCalls implements SystemCalls {

  private static final CLibrary C = CLibrary.link();
  private static final int SOCKADDR_NL_BYTES = 12;

  /** The port id of a sender that is no process. */
  private static final int KERNEL = 0;

  private final ConcurrentLinkedDeque<CallFrame> idleFrames = new ConcurrentLinkedDeque<>();

  @Override
  public int open(String path, int flags) {
    return (int)
        call(
            "open", frame -> (int) C.open().invokeExact(frame.captured(), frame.text(path), flags));
  }

  @Override
  public void close(int descriptor) {
    withFrame(frame -> {
      long result = invoke(frame, it -> (int) C.close().invokeExact(it.captured(), descriptor));
      if (result < 0 && frame.errno().equals(Errno.EBADF)) {
        throw new SystemCallException("close", Errno.EBADF);
      }
      return result;
    });
  }

  @Override
  public void setns(int descriptor, int namespaceType) {
    call(
        "setns", frame -> (int) C.setns().invokeExact(frame.captured(), descriptor, namespaceType));
  }

  @Override
  public void unshare(int flags) {
    call("unshare", frame -> (int) C.unshare().invokeExact(frame.captured(), flags));
  }

  @Override
  public int socket(int family, int type, int protocol) {
    return (int)
        call(
            "socket",
            frame -> (int) C.socket().invokeExact(frame.captured(), family, type, protocol));
  }

  @Override
  public void bindNetlink(int socket) {
    call(
        "bind",
        frame -> {
          MemorySegment address = frame.address().fill((byte) 0);
          address.set(JAVA_SHORT, 0, (short) Linux.AF_NETLINK);
          return (int) C.bind().invokeExact(frame.captured(), socket, address, SOCKADDR_NL_BYTES);
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
                      C.getsockname()
                          .invokeExact(
                              frame.captured(), socket, frame.address(), frame.addressLength());
              return result < 0 ? result : Integer.toUnsignedLong(frame.portId());
            });
  }

  @Override
  public void setSocketOption(int socket, int level, int option, int value) {
    call(
        "setsockopt",
        frame -> {
          frame.buffer().set(JAVA_INT, 0, value);
          return (int)
              C.setsockopt()
                  .invokeExact(
                      frame.captured(), socket, level, option, frame.buffer(), Integer.BYTES);
        });
  }

  @Override
  public long longSocketOption(int socket, int level, int option) {
    return withFrame(frame -> {
      MemorySegment value = frame.buffer();
      MemorySegment valueLength = frame.buffer().asSlice(Long.BYTES, Integer.BYTES);
      valueLength.set(JAVA_INT, 0, Long.BYTES);
      call(
          "getsockopt",
          frame,
          it ->
              (int)
                  C.getsockopt()
                      .invokeExact(it.captured(), socket, level, option, value, valueLength));
      return value.get(JAVA_LONG, 0);
    });
  }

  @Override
  public byte[] socketOption(int socket, int level, int option, byte[] question) {
    return withFrame(frame -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment value = arena.allocate(Math.max(1, question.length), Long.BYTES);
        MemorySegment valueLength = arena.allocate(JAVA_INT);
        MemorySegment.copy(question, 0, value, JAVA_BYTE, 0, question.length);
        valueLength.set(JAVA_INT, 0, question.length);
        call(
            "getsockopt",
            frame,
            it ->
                (int)
                    C.getsockopt()
                        .invokeExact(it.captured(), socket, level, option, value, valueLength));
        return value.asSlice(0, valueLength.get(JAVA_INT, 0)).toArray(JAVA_BYTE);
      }
    });
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
    return (long) C.send().invokeExact(frame.captured(), socket, memory, (long) message.length, 0);
  }

  @Override
  public Optional<Datagram> receiveFromKernel(int socket) {
    return withFrame(frame -> {
      MessageHeader header = frame.messageHeader();
      while (true) {
        long length = invoke(frame, it -> receive(it, socket));
        if (length < 0) {
          return nothingYet("recvmsg", frame.errno());
        }
        if (frame.portId() != KERNEL) {
          continue;
        }
        if (header.isTruncated()) {
          throw new SystemCallException("recvmsg", Errno.EMSGSIZE);
        }
        return Optional.of(new Datagram(header.namespace(), frame.copy(length)));
      }
    });
  }

  private static long receive(CallFrame frame, int socket) throws Throwable {
    MemorySegment header = frame.messageHeader().ready();
    return (long) C.recvmsg().invokeExact(frame.captured(), socket, header, Linux.MSG_DONTWAIT);
  }

  @Override
  public Optional<byte[]> read(int descriptor) {
    return withFrame(frame -> {
      long length =
          invoke(
              frame,
              it ->
                  (long)
                      C.read()
                          .invokeExact(
                              it.captured(),
                              descriptor,
                              it.buffer(),
                              (long) CallFrame.BUFFER_BYTES));
      return length < 0 ? nothingYet("read", frame.errno()) : Optional.of(frame.copy(length));
    });
  }

  @Override
  public int inotifyInit(int flags) {
    return (int)
        call("inotify_init1", frame -> (int) C.inotifyInit().invokeExact(frame.captured(), flags));
  }

  @Override
  public int inotifyAddWatch(int inotify, String path, int mask) {
    return (int)
        call(
            "inotify_add_watch",
            frame ->
                (int)
                    C.inotifyAddWatch()
                        .invokeExact(frame.captured(), inotify, frame.text(path), mask));
  }

  @Override
  public void inotifyRemoveWatch(int inotify, int watch) {
    call(
        "inotify_rm_watch",
        frame -> (int) C.inotifyRemoveWatch().invokeExact(frame.captured(), inotify, watch));
  }

  @Override
  public int eventfd(int flags) {
    return (int)
        call("eventfd", frame -> (int) C.eventfd().invokeExact(frame.captured(), 0, flags));
  }

  @Override
  public void signal(int eventfd) {
    call(
        "write",
        frame -> {
          frame.buffer().set(JAVA_LONG, 0, 1);
          return (long)
              C.write().invokeExact(frame.captured(), eventfd, frame.buffer(), (long) Long.BYTES);
        });
  }

  @Override
  public Set<Integer> poll(List<Awaited> awaited, int timeoutMillis) {
    long bytes = PollDescriptors.bytes(awaited);
    return withFrame(frame -> {
      if (bytes <= CallFrame.BUFFER_BYTES) {
        return poll(frame, new PollDescriptors(awaited, frame.buffer()), timeoutMillis);
      }
      try (Arena arena = Arena.ofConfined()) {
        return poll(
            frame, new PollDescriptors(awaited, arena.allocate(bytes, Long.BYTES)), timeoutMillis);
      }
    });
  }

  private static Set<Integer> poll(CallFrame frame, PollDescriptors descriptors, int millis) {
    long count = descriptors.awaited().size();
    long ready =
        invoke(
            frame,
            it -> (int) C.poll().invokeExact(it.captured(), descriptors.ready(), count, millis));
    if (ready < 0 && !frame.errno().equals(Errno.EINTR)) {
      throw new SystemCallException("poll", frame.errno());
    }
    return ready <= 0 ? Set.of() : descriptors.happened();
  }

  private static <T> Optional<T> nothingYet(String name, Errno errno) {
    if (errno.equals(Errno.EAGAIN)) {
      return Optional.empty();
    }
    throw new SystemCallException(name, errno);
  }

  private long call(String name, NativeCall call) {
    return withFrame(frame -> call(name, frame, call));
  }

  private static long call(String name, CallFrame frame, NativeCall call) {
    long result = invoke(frame, call);
    if (result < 0) {
      throw new SystemCallException(name, frame.errno());
    }
    return result;
  }

  private <T> T withFrame(Function<CallFrame, T> work) {
    CallFrame idle = idleFrames.poll();
    CallFrame frame = idle == null ? new CallFrame() : idle;
    try {
      return work.apply(frame);
    } finally {
      idleFrames.push(frame);
    }
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
}
