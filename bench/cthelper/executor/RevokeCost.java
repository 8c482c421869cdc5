package cthelper.executor;

import static cthelper.executor.Plan.helper;

import cthelper.lab.Command;
import cthelper.lab.Lab;
import cthelper.lab.LabNamespace;
import cthelper.lab.OpenPorts;
import cthelper.lab.Waiting;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.RouterId;
import cthelper.netfilter.HelpedConnections;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after a helper is desired away no live connection carries it any more. Run by {@code
 * ./run bench}; what exactly is measured: {@code bench/README.md}.
 */
final class RevokeCost {

  private static final int ROUNDS = 30;
  private static final int OTHERS = 9_980;
  private static final int HELPED = 20;
  private static final int OTHER_PORT = 7000;
  private static final int PORT = 69;
  private static final int RATE = 20_000;
  private static final long AFTER_SECOND_LOOK_NANOS = 250_000_000;

  private final RouterId id;
  private final Lab lab;
  private final BenchNode node;
  private final KernelView witness;
  private final Contender helped;
  private final Contender list;
  private final Contender delete;
  private final Series held = new Series("desired away -> answered: held");
  private final Series seen = new Series("desired away -> witness saw none");
  private final Series listed = new Series("fork of conntrack -L");
  private final Series deleted = new Series("fork of conntrack -D");
  private long fence;

  private RevokeCost(
      RouterId id, Lab lab, BenchNode node, KernelView witness, Path packets, Path apply) {
    this.id = id;
    this.lab = lab;
    this.node = node;
    this.witness = witness;
    this.helped = connect(packets, PORT, HELPED);
    Path nothing = Path.of("/dev/null");
    LabNamespace router = lab.router();
    this.list =
        Contender.start(apply, Forks.inside(router, nothing, "conntrack", "-L", "-o", "extended"));
    this.delete =
        Contender.start(
            apply, Forks.inside(router, nothing, "conntrack", "-D", "-p", "udp", "--dport", "69"));
  }

  public static void main(String... arguments) throws Exception {
    Path files = Files.createTempDirectory("cthelper-bench");
    RouterId id = RouterId.random();
    try (Lab lab = Lab.open("qrouter-" + id, new OpenPorts(Set.of(), Set.of(PORT, OTHER_PORT)));
        BenchNode node = new BenchNode(files, "auto");
        NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
        KernelView witness = KernelView.of(door, lab.router().path())) {
      node.open();
      node.connect();
      Path packets = Contender.compile(Path.of("bench/packets.c"), files.resolve("packets"));
      Path apply = Contender.compile(Path.of("bench/apply.c"), files.resolve("apply"));
      new RevokeCost(id, lab, node, witness, packets, apply).measure(packets);
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  private void measure(Path packets) throws IOException {
    lab.server()
        .nft(
            "table netdev sink { chain ingress {"
                + " type filter hook ingress device eth0 priority 0; meta l4proto udp drop; }; }");
    lab.router()
        .call(() ->
            Files.writeString(
                Path.of("/proc/sys/net/netfilter/nf_conntrack_udp_timeout"),
                "600",
                StandardOpenOption.WRITE));
    try (Contender others = connect(packets, OTHER_PORT, OTHERS)) {
      others.go(1);
    }
    for (int round = 0; round < ROUNDS; round++) {
      round();
    }
    System.out.printf("%d live connections, %d of them with the helper%n", OTHERS + HELPED, HELPED);
    for (Series series : List.of(held, seen, listed, deleted)) {
      System.out.println(series.millis());
    }
    helped.close();
    list.close();
    delete.close();
  }

  private void round() throws IOException {
    DesiredHelper stays = helper(Plan.FTP, 21);
    desire(stays, helper(Plan.TFTP, PORT));
    helped.go(1);
    Waiting.until("they are helped", Duration.ofSeconds(5), () -> carrying() == HELPED);

    long begin = desire(stays);
    long answered = lastAnswer;
    long none = carrying();
    seen.add(System.nanoTime() - begin);
    held.add(answered - begin);
    if (none != 0) {
      throw new IllegalStateException(none + " connections still carry the helper");
    }
    LockSupport.parkNanos(AFTER_SECOND_LOOK_NANOS);
    listed.add(list.go(1));
    deleted.add(delete.go(1));
  }

  private long lastAnswer;

  /** Waits for the answer; returns when it was asked. */
  private long desire(DesiredHelper... helpers) {
    long begin = System.nanoTime();
    node.desire(new DesiredState(id, Plan.fence(++fence), List.of(helpers)));
    lastAnswer = node.awaitAnswer().nanoTime();
    return begin;
  }

  private long carrying() {
    return switch (HelpedConnections.list(witness.socket())) {
      case HelpedConnections.Listed all -> all.connections().size();
      case HelpedConnections.Failed failed -> throw new IllegalStateException(failed.toString());
    };
  }

  private Contender connect(Path packets, int port, int count) {
    return NewConnections.inside(
        packets,
        lab.client(),
        "connect",
        lab.serverIpv4(port).getHostString(),
        String.valueOf(port),
        String.valueOf(count),
        String.valueOf(RATE));
  }
}
