package cthelper.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Tells when the links of a namespace carry packets of both families: a link works for IPv6 once
 * the kernel has given it a link-local address, shortly after both its ends are up.
 */
final class ReadyLinks {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private ReadyLinks() {}

  static void awaitIn(LabNamespace namespace, String... links) {
    Waiting.until(
        namespace.name() + " has its links up",
        LIMIT,
        () -> linksWithLinkLocalAddress(namespace).containsAll(List.of(links)));
  }

  /** Lines of if_inet6: address, index, prefix length, scope 20 = link, flags 40 = tentative. */
  private static List<String> linksWithLinkLocalAddress(LabNamespace namespace) {
    return namespace
        .call(() -> Files.readAllLines(Path.of("/proc/thread-self/net/if_inet6")))
        .stream()
        .map(line -> line.trim().split("\\s+"))
        .filter(fields -> fields[3].equals("20") && !isTentative(fields[4]))
        .map(fields -> fields[5])
        .toList();
  }

  private static boolean isTentative(String flags) {
    return (Integer.parseInt(flags, 16) & 0x40) != 0;
  }
}
