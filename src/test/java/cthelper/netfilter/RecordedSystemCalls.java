package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small machine in memory that keeps a record of the system calls made on it.
 *
 * <p>It has descriptors, files some of which are network namespaces, threads that stand in one, and
 * queues; the kernel's answers are scripted. It shares {@link SystemCallsContract} with the real
 * calls. Thread-safe.
 */
final class RecordedSystemCalls implements SystemCalls {

  private static final String OWN_NAMESPACE = "/proc/thread-self/ns/net";
  private static final long HOST = 1;
  private static final int WATCH_LOST = -1;

  private final List<String> record = new ArrayList<>();
  private final Map<Integer, Thing> descriptors = new HashMap<>();
  private final Map<String, Thing> files = new HashMap<>();
  private final Set<String> directories = new HashSet<>(Set.of("/"));
  private final Map<Thread, Long> whereThreadsAre = new HashMap<>();
  private final Map<String, Deque<Optional<Errno>>> scripts = new HashMap<>();
  private final Map<String, Integer> watches = new HashMap<>();
  private Function<byte[], List<Answer>> kernel = message -> List.of();
  private Function<Integer, Answer> options = option -> Answer.trouble(Errno.ENOENT);
  private int nextDescriptor = 3;
  private int nextPortId = 1000;
  private long nextNamespace = HOST + 1;

  /** What is to be received or read next: octets, or an error of the function that asks. */
  @FunctionalInterface
  interface Answer {
    byte[] to(String function);

    /** The number of the namespace it is about. */
    default OptionalInt namespace() {
      return OptionalInt.empty();
    }

    static Answer datagram(byte... bytes) {
      return function -> bytes;
    }

    /** A datagram about another namespace than the receiver's. */
    static Answer about(int namespace, byte... bytes) {
      return new Answer() {
        @Override
        public byte[] to(String function) {
          return bytes;
        }

        @Override
        public OptionalInt namespace() {
          return OptionalInt.of(namespace);
        }
      };
    }

    static Answer trouble(Errno errno) {
      return function -> {
        throw new SystemCallException(function, errno);
      };
    }
  }

  /** What a descriptor or file is. */
  private static final class Thing {
    private final Kind kind;
    private final long namespace;
    private final int portId;
    private final Deque<Answer> queue = new ArrayDeque<>();
    private boolean isMember;

    Thing(Kind kind, long namespace, int portId) {
      this.kind = kind;
      this.namespace = namespace;
      this.portId = portId;
    }
  }

  private enum Kind {
    FILE,
    NAMESPACE,
    SOCKET,
    EVENTFD,
    INOTIFY
  }

  RecordedSystemCalls() {
    files.put("/dev/null", new Thing(Kind.FILE, 0, 0));
    files.put("/proc/thread-self/mountinfo", new Thing(Kind.FILE, 0, 0));
  }

  /** A file on which a new network namespace is mounted. */
  synchronized void addNamespace(String path) {
    files.put(path, new Thing(Kind.NAMESPACE, nextNamespace++, 0));
  }

  synchronized void addFile(String path) {
    files.put(path, new Thing(Kind.FILE, 0, 0));
  }

  /** A file that reads so, once. */
  synchronized void addFile(String path, String text) {
    Thing file = new Thing(Kind.FILE, 0, 0);
    file.queue.add(Answer.datagram(text.getBytes(StandardCharsets.UTF_8)));
    files.put(path, file);
  }

  synchronized void addDirectory(String path) {
    directories.add(path);
  }

  /** The next call of this function fails. */
  void failNext(String function, Errno errno) {
    failAfter(function, 0, errno);
  }

  /** The function goes well that many times more, and then fails once. */
  synchronized void failAfter(String function, int successes, Errno errno) {
    Deque<Optional<Errno>> script = scripts.computeIfAbsent(function, name -> new ArrayDeque<>());
    for (int i = 0; i < successes; i++) {
      script.add(Optional.empty());
    }
    script.add(Optional.of(errno));
  }

  /** What the kernel answers to a message sent. */
  synchronized void answerWith(Function<byte[], List<Answer>> answers) {
    kernel = answers;
  }

  /** What the kernel answers when a socket is asked for an option of this number. */
  synchronized void answerOptionsWith(Function<Integer, Answer> answers) {
    options = answers;
  }

  /** Inotify is to say that events were lost. */
  synchronized void loseEvents() {
    byte[] overflow =
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putInt(WATCH_LOST)
            .putInt(Linux.IN_Q_OVERFLOW)
            .array();
    descriptors.values().stream()
        .filter(thing -> thing.kind == Kind.INOTIFY)
        .forEach(inotify -> inotify.queue.add(Answer.datagram(overflow)));
    notifyAll();
  }

  /** What the sockets that are members of a multicast group are to receive. */
  synchronized void multicast(Answer... answers) {
    descriptors.values().stream()
        .filter(thing -> thing.isMember)
        .forEach(socket -> socket.queue.addAll(List.of(answers)));
    notifyAll();
  }

  /** The calls so far, for example {@code setns 5}. */
  synchronized List<String> record() {
    return List.copyOf(record);
  }

  synchronized int openDescriptors() {
    return descriptors.size();
  }

  /** The namespaces that living threads stand in, but for the host's. */
  synchronized Set<Long> namespacesWithThreads() {
    return whereThreadsAre.entrySet().stream()
        .filter(entry -> entry.getKey().isAlive())
        .map(Map.Entry::getValue)
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized int open(String path, int flags) {
    enter("open", path);
    if (path.equals(OWN_NAMESPACE)) {
      return add(new Thing(Kind.NAMESPACE, here(), 0));
    }
    return add(require("open", files.get(path), Errno.ENOENT));
  }

  @Override
  public synchronized void close(int descriptor) {
    enter("close", descriptor);
    require("close", descriptors.remove(descriptor), Errno.EBADF);
  }

  @Override
  public synchronized void setns(int descriptor, int namespaceType) {
    enter("setns", descriptor);
    Thing thing = thing("setns", descriptor);
    if (thing.kind != Kind.NAMESPACE) {
      throw new SystemCallException("setns", Errno.EINVAL);
    }
    whereThreadsAre.put(Thread.currentThread(), thing.namespace);
  }

  @Override
  public synchronized void unshare(int flags) {
    enter("unshare", flags);
    whereThreadsAre.put(Thread.currentThread(), nextNamespace++);
  }

  @Override
  public synchronized int socket(int family, int type, int protocol) {
    enter("socket", protocol);
    return add(new Thing(Kind.SOCKET, here(), nextPortId++));
  }

  @Override
  public synchronized void bindNetlink(int socket) {
    enter("bind", socket);
    thing("bind", socket);
  }

  @Override
  public synchronized int netlinkPortId(int socket) {
    enter("getsockname", socket);
    return thing("getsockname", socket).portId;
  }

  @Override
  public synchronized void setSocketOption(int socket, int level, int option, int value) {
    enter("setsockopt", option);
    Thing thing = thing("setsockopt", socket);
    thing.isMember |= level == Linux.SOL_NETLINK && option == Linux.NETLINK_ADD_MEMBERSHIP;
  }

  @Override
  public synchronized long longSocketOption(int socket, int level, int option) {
    enter("getsockopt", option);
    return thing("getsockopt", socket).namespace;
  }

  @Override
  public synchronized byte[] socketOption(int socket, int level, int option, byte[] question) {
    enter("getsockopt", option);
    Thing thing = thing("getsockopt", socket);
    return level == Linux.SOL_SOCKET
        ? octets(thing.namespace)
        : options.apply(option).to("getsockopt");
  }

  @Override
  public synchronized void send(int socket, byte[] message) {
    enter("send", message.length);
    thing("send", socket).queue.addAll(kernel.apply(message));
  }

  @Override
  public synchronized Optional<Datagram> receiveFromKernel(int socket) {
    enter("recvmsg", socket);
    Answer answer = thing("recvmsg", socket).queue.poll();
    return answer == null
        ? Optional.empty()
        : Optional.of(new Datagram(answer.namespace(), answer.to("recvmsg")));
  }

  @Override
  public synchronized Optional<byte[]> read(int descriptor) {
    enter("read", descriptor);
    return Optional.ofNullable(thing("read", descriptor).queue.poll())
        .map(answer -> answer.to("read"));
  }

  @Override
  public synchronized int inotifyInit(int flags) {
    enter("inotify_init1", flags);
    return add(new Thing(Kind.INOTIFY, 0, 0));
  }

  @Override
  public synchronized int inotifyAddWatch(int inotify, String path, int mask) {
    enter("inotify_add_watch", path);
    thing("inotify_add_watch", inotify);
    if (files.containsKey(path)) {
      throw new SystemCallException("inotify_add_watch", Errno.ENOTDIR);
    }
    if (!directories.contains(path)) {
      throw new SystemCallException("inotify_add_watch", Errno.ENOENT);
    }
    return watches.computeIfAbsent(path, name -> watches.size() + 1);
  }

  @Override
  public synchronized void inotifyRemoveWatch(int inotify, int watch) {
    enter("inotify_rm_watch", watch);
    thing("inotify_rm_watch", inotify);
    if (!watches.values().remove(watch)) {
      throw new SystemCallException("inotify_rm_watch", Errno.EINVAL);
    }
  }

  @Override
  public synchronized int eventfd(int flags) {
    enter("eventfd", flags);
    return add(new Thing(Kind.EVENTFD, 0, 0));
  }

  @Override
  public synchronized void signal(int eventfd) {
    enter("write", eventfd);
    thing("write", eventfd).queue.add(Answer.datagram(octets(1)));
    notifyAll();
  }

  @Override
  public synchronized Set<Integer> poll(List<Awaited> awaited, int timeoutMillis) {
    enter("poll", timeoutMillis);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    Set<Integer> ready = ready(awaited);
    try {
      while (ready.isEmpty()) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (timeoutMillis >= 0 && millis <= 0) {
          return ready;
        }
        wait(timeoutMillis < 0 ? 0 : millis);
        ready = ready(awaited);
      }
      return ready;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SystemCallException("poll", Errno.EINTR);
    }
  }

  private Set<Integer> ready(List<Awaited> awaited) {
    return awaited.stream()
        .map(Awaited::descriptor)
        .filter(descriptor -> !thing("poll", descriptor).queue.isEmpty())
        .collect(Collectors.toSet());
  }

  private void enter(String function, Object argument) {
    record.add(function + " " + argument);
    Deque<Optional<Errno>> script = scripts.get(function);
    if (script != null && !script.isEmpty()) {
      script
          .remove()
          .ifPresent(errno -> {
            throw new SystemCallException(function, errno);
          });
    }
  }

  private long here() {
    return whereThreadsAre.getOrDefault(Thread.currentThread(), HOST);
  }

  private int add(Thing thing) {
    descriptors.put(nextDescriptor, thing);
    return nextDescriptor++;
  }

  private Thing thing(String function, int descriptor) {
    return require(function, descriptors.get(descriptor), Errno.EBADF);
  }

  private static byte[] octets(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(number).array();
  }

  private static Thing require(String function, @Nullable Thing thing, Errno otherwise) {
    if (thing == null) {
      throw new SystemCallException(function, otherwise);
    }
    return thing;
  }
}
