package cthelper.executor;

import cthelper.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What services do that start programs: {@code nft -f} and {@code iptables-restore} in the
 * namespace, for the same ports and helpers. Text of plain nft knows no maps to helpers, hence a
 * chain for each.
 */
final class Forks {

  private static final String SKELETON =
      """
      table inet bench {
        ct helper ftp-tcp { type "ftp" protocol tcp; }
        ct helper tftp-udp { type "tftp" protocol udp; }
        chain set-ftp-tcp { ct helper set "ftp-tcp"; }
        chain set-tftp-udp { ct helper set "tftp-udp"; }
        map assign { type inet_proto . inet_service : verdict; }
        chain prerouting {
          type filter hook prerouting priority -150; policy accept;
          ct state new meta l4proto . th dport vmap @assign
        }
      }
      """;

  private Forks() {}

  /** The change as nft text, after making what is changed. */
  static Path nft(LabNamespace namespace, int helpers, Path file) throws IOException {
    namespace.nft(SKELETON);
    return Files.writeString(file, "flush map inet bench assign\n" + elements(helpers));
  }

  /** The whole table as nft text, for a namespace without one. */
  static Path nftTable(int helpers, Path file) throws IOException {
    return Files.writeString(file, SKELETON + elements(helpers));
  }

  private static String elements(int helpers) {
    return "add element inet bench assign { %s }\n"
        .formatted(
            lines(
                helpers,
                ", ",
                port -> "tcp . %d : goto set-ftp-tcp".formatted(port),
                port -> "udp . %d : goto set-tftp-udp".formatted(port)));
  }

  /** The whole raw table as iptables-save prints it. */
  static Path iptables(int helpers, Path file) throws IOException {
    String rule = "-A PREROUTING -p %s -m %1$s --dport %d -j CT --helper %s";
    return Files.writeString(
        file,
        "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n%s\nCOMMIT\n"
            .formatted(
                lines(
                    helpers,
                    "\n",
                    port -> rule.formatted("tcp", port, "ftp"),
                    port -> rule.formatted("udp", port, "tftp"))));
  }

  /**
   * What the Python agent makes: a chain for each helper with its one rule, and a chain that calls
   * them all.
   */
  static String agentChains(int helpers) {
    String rule = "-A agent-nct-%d -p %s -m %2$s --dport %1$d -j CT --helper %s";
    return Stream.of(
            "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:agent-cth - [0:0]",
            lines(
                helpers,
                "\n",
                ":agent-nct-%d - [0:0]"::formatted,
                ":agent-nct-%d - [0:0]"::formatted),
            "-A PREROUTING -j agent-cth",
            lines(
                helpers,
                "\n",
                "-A agent-cth -j agent-nct-%d"::formatted,
                "-A agent-cth -j agent-nct-%d"::formatted),
            lines(
                helpers,
                "\n",
                port -> rule.formatted(port, "tcp", "ftp"),
                port -> rule.formatted(port, "udp", "tftp")),
            "COMMIT\n")
        .collect(Collectors.joining("\n"));
  }

  /** The command line that runs a program inside. */
  static List<String> inside(LabNamespace namespace, Path input, String... command) {
    List<String> line =
        new ArrayList<>(List.of("fork", input.toString(), "nsenter", "--net=" + namespace.path()));
    line.addAll(List.of(command));
    return line;
  }

  private static String lines(
      int helpers, String separator, IntFunction<String> ftp, IntFunction<String> tftp) {
    return IntStream.range(0, helpers)
        .mapToObj(i -> (i % 2 == 0 ? ftp : tftp).apply(20_000 + i))
        .collect(Collectors.joining(separator));
  }
}
