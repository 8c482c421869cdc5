package cthelper.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel says a thread may do; sets of capabilities have one bit for each. In a thread of
 * Java it is what this thread may do: others may differ. Source: {@code proc_pid_status(5)}.
 *
 * @param isRoot whether the real user is number 0, who gets back what is {@link #bounding} with
 *     every execve(2) that nothing forbids
 * @param noNewPrivileges whether no execve(2) may give more than there was before
 */
public record HeldPrivileges(
    boolean isRoot,
    long inheritable,
    long permitted,
    long effective,
    long bounding,
    long ambient,
    boolean noNewPrivileges) {

  /** Those of the calling thread. */
  public static HeldPrivileges ofThisThread() throws IOException {
    return of(Files.readAllLines(Path.of("/proc/thread-self/status")));
  }

  /** What is not said is not held. */
  public static HeldPrivileges of(List<String> status) {
    return new HeldPrivileges(
        value(status, "Uid").matches("0\\s.*"),
        set(status, "CapInh"),
        set(status, "CapPrm"),
        set(status, "CapEff"),
        set(status, "CapBnd"),
        set(status, "CapAmb"),
        value(status, "NoNewPrivs").equals("1"));
  }

  public boolean mayUse(Capability capability) {
    return (effective & capability.bit()) != 0;
  }

  /** For a person: {@code CAP_NET_ADMIN, CAP_SYS_ADMIN}; what has no name here is a number. */
  public String names() {
    List<String> names = new ArrayList<>();
    long unnamed = permitted;
    for (Capability capability : Capability.values()) {
      if ((permitted & capability.bit()) != 0) {
        names.add(capability.name());
        unnamed &= ~capability.bit();
      }
    }
    if (unnamed != 0) {
      names.add("0x%x".formatted(unnamed));
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static long set(List<String> status, String name) {
    String value = value(status, name);
    return value.isEmpty() ? 0 : Long.parseUnsignedLong(value, 16);
  }

  private static String value(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
