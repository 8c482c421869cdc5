package cthelper.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which errors the manual pages list for the functions behind {@link SystemCalls}.
 *
 * <p>Source: man-pages 6.03, section 2, ERRORS; ENOBUFS of recvfrom from {@code netlink(7)}, EPERM
 * of setsockopt from {@code socket(7)}. EWOULDBLOCK is EAGAIN here. Those of {@code close(2)} stay
 * below the seam, see {@link SystemCalls#close}. Numbers: {@code asm-generic/errno.h}.
 */
final class ManualPages {

  private static final Map<String, String> ERRORS =
      Map.ofEntries(
          Map.entry(
              "open",
              "EACCES EAGAIN EBADF EBUSY EDQUOT EEXIST EFAULT EFBIG EINTR EINVAL EISDIR ELOOP EMFILE"
                  + " ENAMETOOLONG ENFILE ENODEV ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EOPNOTSUPP"
                  + " EOVERFLOW EPERM EROFS ETXTBSY"),
          Map.entry("setns", "EBADF EINVAL ENOMEM EPERM ESRCH"),
          Map.entry("unshare", "EINVAL ENOMEM ENOSPC EPERM EUSERS"),
          Map.entry(
              "socket", "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT"),
          Map.entry(
              "bind",
              "EACCES EADDRINUSE EADDRNOTAVAIL EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOMEM"
                  + " ENOTDIR ENOTSOCK EROFS"),
          Map.entry("getsockname", "EBADF EFAULT EINVAL ENOBUFS ENOTSOCK"),
          Map.entry("setsockopt", "EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK EPERM"),
          Map.entry("getsockopt", "EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK"),
          Map.entry(
              "send",
              "EACCES EAGAIN EALREADY EBADF ECONNRESET EDESTADDRREQ EFAULT EINTR EINVAL EISCONN"
                  + " EMSGSIZE ENOBUFS ENOMEM ENOTCONN ENOTSOCK EOPNOTSUPP EPIPE"),
          Map.entry(
              "recvfrom",
              "EAGAIN EBADF ECONNREFUSED EFAULT EINTR EINVAL ENOBUFS ENOMEM ENOTCONN ENOTSOCK"),
          Map.entry("read", "EAGAIN EBADF EFAULT EINTR EINVAL EIO EISDIR"),
          Map.entry("inotify_init1", "EINVAL EMFILE ENFILE ENOMEM"),
          Map.entry(
              "inotify_add_watch",
              "EACCES EBADF EEXIST EFAULT EINVAL ENAMETOOLONG ENOENT ENOMEM ENOSPC ENOTDIR"),
          Map.entry("inotify_rm_watch", "EBADF EINVAL"),
          Map.entry("eventfd", "EINVAL EMFILE ENFILE ENODEV ENOMEM"),
          Map.entry(
              "write",
              "EAGAIN EBADF EDESTADDRREQ EDQUOT EFAULT EFBIG EINTR EINVAL EIO ENOSPC EPERM EPIPE"),
          Map.entry("poll", "EFAULT EINTR EINVAL ENOMEM"));

  private static final Map<String, Errno> NUMBERS =
      numbers(
          "EPERM 1 ENOENT 2 ESRCH 3 EINTR 4 EIO 5 ENXIO 6 EBADF 9 EAGAIN 11 ENOMEM 12 EACCES 13",
          "EFAULT 14 EBUSY 16 EEXIST 17 ENODEV 19 ENOTDIR 20 EISDIR 21 EINVAL 22 ENFILE 23",
          "EMFILE 24 ETXTBSY 26 EFBIG 27 ENOSPC 28 EROFS 30 EPIPE 32 ENAMETOOLONG 36 ELOOP 40",
          "EOVERFLOW 75 EUSERS 87 ENOTSOCK 88 EDESTADDRREQ 89 EMSGSIZE 90 ENOPROTOOPT 92",
          "EPROTONOSUPPORT 93 EOPNOTSUPP 95 EAFNOSUPPORT 97 EADDRINUSE 98 EADDRNOTAVAIL 99",
          "ECONNRESET 104 ENOBUFS 105 EISCONN 106 ENOTCONN 107 ECONNREFUSED 111 EALREADY 114",
          "EDQUOT 122");

  private ManualPages() {}

  /**
   * One way a call can fail.
   *
   * @param successes how often the function goes well before
   */
  record Failure(String function, int successes, Errno errno) {}

  /** Every listed error of the functions, in each of that many calls of one. */
  static List<Failure> failures(int calls, String... functions) {
    List<Failure> failures = new ArrayList<>();
    for (String function : functions) {
      for (Errno errno : of(function)) {
        for (int successes = 0; successes < calls; successes++) {
          failures.add(new Failure(function, successes, errno));
        }
      }
    }
    return failures;
  }

  /** The errors of a function. */
  static List<Errno> of(String function) {
    return Stream.of(Optional.ofNullable(ERRORS.get(function)).orElseThrow().split(" "))
        .map(name -> Optional.ofNullable(NUMBERS.get(name)).orElseThrow())
        .toList();
  }

  private static Map<String, Errno> numbers(String... lines) {
    return Stream.of(lines)
        .flatMap(line -> Stream.of(line.split("(?<=\\d) ")))
        .map(pair -> pair.split(" "))
        .collect(Collectors.toMap(pair -> pair[0], pair -> new Errno(Integer.parseInt(pair[1]))));
  }
}
