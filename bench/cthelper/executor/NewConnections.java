package cthelper.executor;

import cthelper.lab.Conntrack;
import cthelper.lab.Lab;
import cthelper.lab.LabNamespace;
import cthelper.lab.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * New UDP connections from a laboratory's client through its router, each of one packet, and how
 * many of them got the helper tftp: all are counted by an nftables rule that this puts into the
 * router, those with the helper by the program {@code conntrack}. Afterwards the router's
 * connection tracking is emptied.
 */
final class NewConnections implements AutoCloseable {

  static final int PORT = 69;

  /** Far less than the table of connections takes, which {@code nf_conntrack_max} limits. */
  static final int BATCH = 20_000;

  private static final Pattern COUNTER = Pattern.compile("counter opened \\{\\s+packets (\\d+)");

  private final LabNamespace router;
  private final Contender sender;
  private long before;

  /** What came of some connections, and in which time they were opened. */
  record Counted(long opened, long helped, long nanos) {

    Counted plus(Counted other) {
      return new Counted(opened + other.opened, helped + other.helped, nanos + other.nanos);
    }

    @Override
    public String toString() {
      return "%d new connections (%.0f per second), %d of them without helper"
          .formatted(opened, opened / (nanos / 1e9), opened - helped);
    }
  }

  /**
   * @param program {@code bench/packets.c}, compiled
   * @param rate new connections per second
   */
  NewConnections(Path program, Lab lab, int rate) {
    this.router = lab.router();
    router.nft(
        """
        table inet witness {
          counter opened { }
          chain forward {
            type filter hook forward priority 10;
            ct state new udp dport %d counter name opened
          }
        }
        """
            .formatted(PORT));
    sink(lab.server(), PORT);
    sender =
        inside(
            program,
            lab.client(),
            "connect",
            lab.serverIpv4(PORT).getHostString(),
            String.valueOf(PORT),
            String.valueOf(BATCH),
            String.valueOf(rate));
  }

  /** Packets end at the server's link, unanswered. */
  static void sink(LabNamespace server, int port) {
    server.nft(
        """
        table netdev sink {
          chain ingress {
            type filter hook ingress device eth0 priority 0;
            udp dport %d counter drop
          }
        }
        """
            .formatted(port));
  }

  /** The program in a namespace, taking orders. */
  static Contender inside(Path program, LabNamespace namespace, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--net=" + namespace.path()));
    line.add(program.toString());
    line.addAll(List.of(arguments));
    return Contender.start(Path.of("nsenter"), line);
  }

  /** Opens {@value #BATCH} of them. */
  Counted open() throws IOException {
    long took = sender.go(1)[0];
    before += BATCH;
    Waiting.until("all packets are counted", Duration.ofSeconds(5), () -> opened() == before);
    int helped = Conntrack.connectionsWithHelper(router, "tftp").size();
    router.command("conntrack", "-F").run();
    return new Counted(BATCH, helped, took);
  }

  private long opened() {
    Matcher counter = COUNTER.matcher(router.command("nft", "list", "counters").run());
    if (!counter.find()) {
      throw new IllegalStateException("the counter is gone");
    }
    return Long.parseLong(counter.group(1));
  }

  @Override
  public void close() throws IOException {
    sender.close();
  }
}
