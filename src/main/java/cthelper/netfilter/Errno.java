package cthelper.netfilter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kernel error number: {@code EPERM (operation not permitted)} is number 1.
 *
 * <p>The numbers are those of x86-64 and aarch64, which agree. Source: {@code errno(3)}.
 *
 * @param number as in {@code errno}, positive
 */
public record Errno(int number) {

  public static final Errno EPERM = new Errno(1);
  public static final Errno ENOENT = new Errno(2);
  public static final Errno EINTR = new Errno(4);
  public static final Errno ENXIO = new Errno(6);
  public static final Errno EBADF = new Errno(9);
  public static final Errno EAGAIN = new Errno(11);
  public static final Errno ENOMEM = new Errno(12);
  public static final Errno EACCES = new Errno(13);
  public static final Errno EBUSY = new Errno(16);
  public static final Errno EEXIST = new Errno(17);
  public static final Errno ENOTDIR = new Errno(20);
  public static final Errno EINVAL = new Errno(22);
  public static final Errno ENFILE = new Errno(23);
  public static final Errno EMFILE = new Errno(24);
  public static final Errno ENOSPC = new Errno(28);
  public static final Errno ELOOP = new Errno(40);
  public static final Errno EBADMSG = new Errno(74);
  public static final Errno ERESTART = new Errno(85);
  public static final Errno EMSGSIZE = new Errno(90);
  public static final Errno EOPNOTSUPP = new Errno(95);
  public static final Errno ENOBUFS = new Errno(105);

  private static final Map<Integer, Meaning> MEANINGS =
      Map.ofEntries(
          meaning(EPERM, "EPERM", "operation not permitted"),
          meaning(ENOENT, "ENOENT", "no such thing"),
          meaning(EINTR, "EINTR", "interrupted by a signal"),
          meaning(ENXIO, "ENXIO", "nothing that can be opened"),
          meaning(EBADF, "EBADF", "not an open descriptor"),
          meaning(EAGAIN, "EAGAIN", "nothing there for now"),
          meaning(ENOMEM, "ENOMEM", "out of memory"),
          meaning(EACCES, "EACCES", "permission denied"),
          meaning(EBUSY, "EBUSY", "still in use"),
          meaning(EEXIST, "EEXIST", "exists already"),
          meaning(ENOTDIR, "ENOTDIR", "not a directory"),
          meaning(EINVAL, "EINVAL", "invalid argument"),
          meaning(ENFILE, "ENFILE", "too many open files on this machine"),
          meaning(EMFILE, "EMFILE", "too many open files in this process"),
          meaning(ENOSPC, "ENOSPC", "no space left, or a limit of this user is reached"),
          meaning(ELOOP, "ELOOP", "a symbolic link where none may be, or links in a loop"),
          meaning(EBADMSG, "EBADMSG", "not an answer that can be understood"),
          meaning(ERESTART, "ERESTART", "the ruleset changed meanwhile"),
          meaning(EMSGSIZE, "EMSGSIZE", "message too long"),
          meaning(EOPNOTSUPP, "EOPNOTSUPP", "not supported by this kernel"),
          meaning(ENOBUFS, "ENOBUFS", "no buffer space left"));

  /** The symbolic name, for example {@code ENOENT}; {@code E<number>} for a rare one. */
  public String symbol() {
    Meaning meaning = meaning();
    return meaning == null ? "E" + number : meaning.symbol;
  }

  /** What it means, for a person. */
  public String text() {
    Meaning meaning = meaning();
    return meaning == null ? "error number " + number + ", see errno(3)" : meaning.text;
  }

  /** {@code ENOENT (no such thing)}. */
  @Override
  public String toString() {
    return symbol() + " (" + text() + ")";
  }

  private @Nullable Meaning meaning() {
    return MEANINGS.get(number);
  }

  private static Map.Entry<Integer, Meaning> meaning(Errno errno, String symbol, String text) {
    return Map.entry(errno.number, new Meaning(symbol, text));
  }

  private record Meaning(String symbol, String text) {}
}
