package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What holds for the real system calls and for their double alike. */
abstract class SystemCallsContract {

  private static final String ORDINARY_FILE = "/dev/null";
  private static final String OWN_NAMESPACE = "/proc/thread-self/ns/net";
  private static final int FILE_FLAGS = Linux.O_RDONLY | Linux.O_CLOEXEC;
  private static final int WATCH_MASK = Linux.IN_CREATE | Linux.IN_ONLYDIR;

  private final SystemCalls calls = calls();

  abstract SystemCalls calls();

  @Test
  void missingFileIsNotThere() {
    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> calls.open("/no/such/file", FILE_FLAGS))
        .withMessage("open: ENOENT (no such thing)");
  }

  @Test
  void closedDescriptorIsRefused() {
    int descriptor = calls.eventfd(Linux.EFD_NONBLOCK);
    calls.close(descriptor);

    assertFails(Errno.EBADF, () -> calls.close(descriptor));
    assertFails(Errno.EBADF, () -> calls.read(descriptor));
    assertFails(Errno.EBADF, () -> calls.receiveFromKernel(descriptor));
  }

  @Test
  void signalIsSeenByPollAndReadOnce() {
    int quiet = calls.eventfd(Linux.EFD_NONBLOCK);
    int signalled = calls.eventfd(Linux.EFD_NONBLOCK);
    calls.signal(signalled);

    assertThat(calls.poll(List.of(awaited(quiet), awaited(signalled)), -1))
        .containsExactly(signalled);
    assertThat(calls.read(signalled).orElseThrow()).hasSize(Long.BYTES);
    assertThat(calls.read(signalled)).isEmpty();
    calls.close(quiet);
    calls.close(signalled);
  }

  @Test
  void pollEndsWithItsTime() {
    int quiet = calls.eventfd(Linux.EFD_NONBLOCK);

    assertThat(calls.poll(List.of(awaited(quiet)), 1)).isEmpty();
    calls.close(quiet);
  }

  @Test
  void nothingIsReceivedBeforeSomethingIsSent() {
    int socket = netlinkSocket();

    assertThat(calls.receiveFromKernel(socket)).isEmpty();
    calls.close(socket);
  }

  @Test
  void whatWasSentIsAnsweredFromTheSocketsOwnNamespace() {
    int socket = netlinkSocket();
    calls.send(socket, NftQueries.generation().acknowledged().toBytes(1));

    Datagram answer = calls.receiveFromKernel(socket).orElseThrow();
    assertThat(answer.namespace()).isEmpty();
    assertThat(NetlinkMessage.readAll(answer.bytes())).first().matches(it -> it.sequence() == 1);
    calls.close(socket);
  }

  @Test
  void moreDescriptorsThanABufferHoldsArePolled() {
    int signalled = calls.eventfd(Linux.EFD_NONBLOCK);
    calls.signal(signalled);

    assertThat(calls.poll(Collections.nCopies(5_000, awaited(signalled)), -1))
        .containsExactly(signalled);
    calls.close(signalled);
  }

  @Test
  void twoSocketsOfANamespaceShareItsCookieButNotTheirPortId() {
    int one = netlinkSocket();
    int other = netlinkSocket();

    assertThat(cookie(one)).isEqualTo(cookie(other));
    assertThat(calls.netlinkPortId(one)).isNotEqualTo(calls.netlinkPortId(other));
    calls.close(one);
    calls.close(other);
  }

  @Test
  void optionIsReadAsOctetsToo() {
    int socket = netlinkSocket();
    byte[] octets =
        calls.socketOption(socket, Linux.SOL_SOCKET, Linux.SO_NETNS_COOKIE, new byte[Long.BYTES]);

    assertThat(ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder()).getLong())
        .isEqualTo(cookie(socket));
    calls.close(socket);
    assertFails(
        Errno.EBADF,
        () -> calls.socketOption(socket, Linux.SOL_IP, Linux.XT_GET_INFO, new byte[84]));
  }

  @Test
  void unshareLeadsAwayAndSetnsBack() {
    List<Long> cookies =
        onThreadOfItsOwn(() -> {
          // The machine's namespace is not for the root of a user namespace to return to.
          calls.unshare(Linux.CLONE_NEWNET);
          int home = calls.open(OWN_NAMESPACE, FILE_FLAGS);
          long before = cookieHere();
          calls.unshare(Linux.CLONE_NEWNET);
          long away = cookieHere();
          calls.setns(home, Linux.CLONE_NEWNET);
          calls.close(home);
          return List.of(before, away, cookieHere());
        });

    assertThat(cookies.get(1)).isNotEqualTo(cookies.get(0));
    assertThat(cookies.get(2)).isEqualTo(cookies.get(0));
  }

  @Test
  void ordinaryFileIsNoNamespace() {
    int file = calls.open(ORDINARY_FILE, FILE_FLAGS);

    assertFails(Errno.EINVAL, () -> calls.setns(file, Linux.CLONE_NEWNET));
    calls.close(file);
  }

  @Test
  void directoryHasOneWatchHoweverOftenItIsAsked() {
    int inotify = calls.inotifyInit(Linux.IN_NONBLOCK);
    int watch = calls.inotifyAddWatch(inotify, "/", WATCH_MASK);

    assertThat(calls.inotifyAddWatch(inotify, "/", WATCH_MASK)).isEqualTo(watch);
    calls.inotifyRemoveWatch(inotify, watch);
    assertFails(Errno.EINVAL, () -> calls.inotifyRemoveWatch(inotify, watch));
    calls.close(inotify);
  }

  @Test
  void onlyDirectoriesAreWatched() {
    int inotify = calls.inotifyInit(Linux.IN_NONBLOCK);

    assertFails(Errno.ENOTDIR, () -> calls.inotifyAddWatch(inotify, ORDINARY_FILE, WATCH_MASK));
    assertFails(
        Errno.ENOENT, () -> calls.inotifyAddWatch(inotify, "/no/such/directory", WATCH_MASK));
    calls.close(inotify);
  }

  private int netlinkSocket() {
    int socket =
        calls.socket(
            Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.NETLINK_NETFILTER);
    calls.bindNetlink(socket);
    return socket;
  }

  private long cookie(int socket) {
    return calls.longSocketOption(socket, Linux.SOL_SOCKET, Linux.SO_NETNS_COOKIE);
  }

  private long cookieHere() {
    int socket = netlinkSocket();
    long cookie = cookie(socket);
    calls.close(socket);
    return cookie;
  }

  private static SystemCalls.Awaited awaited(int descriptor) {
    return new SystemCalls.Awaited(descriptor, Linux.POLLIN);
  }

  private static void assertFails(Errno errno, Runnable call) {
    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(call::run)
        .extracting(SystemCallException::errno)
        .isEqualTo(errno);
  }

  private static <T> T onThreadOfItsOwn(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            result.complete(work.get());
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result.join();
  }
}
